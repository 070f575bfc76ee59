/**
 * A restaurant with a staff of four: the greeter hands the guest to reservations or takeaway, and takeaway to checkout.
 * Each speaks first, with a voice of their own (one that text-to-speech and realtime models both have), and all write
 * into one record of the visit.
 */
import { z } from 'zod';
import { Agent } from '../conversation/agent.ts';
import { type Handoff, type Tool, type ToolContext, ToolError, tool } from '../conversation/tool.ts';

/** What the staff knows of a guest. */
export interface Visit {
  name: string | null;
  phone: string | null;
  reservationTime: string | null;
  order: string[];
  confirmedPrice: number | null;
  card: { number: string; expiry: string; cvv: string } | null;
  checkedOut: boolean;
}

export function newVisit(): Visit {
  return {
    name: null,
    phone: null,
    reservationTime: null,
    order: [],
    confirmedPrice: null,
    card: null,
    checkedOut: false,
  };
}

type Context = ToolContext<Visit>;

const MENU = 'pizza 10 dollars, salad 5 dollars, ice cream 3 dollars, coffee 2 dollars';
const MANNER = 'You are heard, not read: one or two short sentences, one question at a time, no markup.';
/** What a colleague who takes over still has in mind of the conversation. */
const REMEMBERED_ITEMS = 12;

/** Everybody on the staff takes over in the same way. */
abstract class Staff extends Agent<Visit> {
  override async onEnter(): Promise<void> {
    const context = this.chatCtx.copy({ excludeInstructions: true }).truncate(REMEMBERED_ITEMS);
    context.addMessage({ role: 'system', content: `Known of the guest: ${summaryOf(this.session.userData)}` });
    await this.updateChatCtx(context);
    this.session.generateReply({ instructions: 'You take over now and speak first.', toolChoice: 'none' });
  }
}

export class Greeter extends Staff {
  constructor() {
    super({
      id: 'restaurant',
      voice: 'alloy',
      instructions:
        `You greet the guests of a restaurant. The menu: ${MENU}. Find out whether they want to reserve a table or ` +
        `order takeaway, and hand them over with your tools. ${MANNER}`,
      tools: [
        transfer(
          'to_reservation',
          'The guest wants to reserve a table, or to change a reservation.',
          () => new Reservation(),
        ),
        transfer('to_takeaway', 'The guest wants to order takeaway.', () => new Takeaway()),
      ],
    });
  }
}

class Reservation extends Staff {
  constructor() {
    super({
      id: 'restaurant-reservation',
      voice: 'coral',
      instructions: `You take reservations: ask for the time, the name and the phone number, then confirm them. ${MANNER}`,
      tools: [
        updateName,
        updatePhone,
        toGreeter,
        tool({
          name: 'update_reservation_time',
          description: 'The guest said for when; confirm it with them first.',
          parameters: z.object({ time: z.string() }),
          execute: ({ time }, { userData }: Context) => {
            userData.reservationTime = time;
            return `The time is ${time}.`;
          },
        }),
        tool({
          name: 'confirm_reservation',
          description: 'The guest confirms the reservation.',
          execute: (_, { userData }: Context): Handoff => {
            if (!userData.name || !userData.phone) throw new ToolError('Ask for the name and the phone number first.');
            if (!userData.reservationTime) throw new ToolError('Ask for the time first.');
            return { agent: new Greeter(), result: 'The table is reserved.' };
          },
        }),
      ],
    });
  }
}

class Takeaway extends Staff {
  constructor() {
    super({
      id: 'restaurant-takeaway',
      voice: 'ash',
      instructions: `You take orders for takeaway. The menu: ${MENU}. Clarify wishes, then confirm the order. ${MANNER}`,
      tools: [
        toGreeter,
        tool({
          name: 'update_order',
          description: 'The guest ordered, or changed the order.',
          parameters: z.object({ items: z.array(z.string()).min(1).describe('the whole order') }),
          execute: ({ items }, { userData }: Context) => {
            userData.order = items;
            userData.confirmedPrice = null;
            userData.checkedOut = false;
            return `The order is ${items.join(', ')}.`;
          },
        }),
        tool({
          name: 'to_checkout',
          description: 'The guest confirms the order.',
          execute: (_, { userData }: Context): Handoff => {
            if (userData.order.length === 0) throw new ToolError('There is no order yet.');
            return { agent: new Checkout(), result: 'Handed over to checkout.' };
          },
        }),
      ],
    });
  }
}

class Checkout extends Staff {
  constructor() {
    super({
      id: 'restaurant-checkout',
      voice: 'shimmer',
      instructions:
        `You take payments. The menu: ${MENU}. Confirm the price of the order, then ask for name, phone number, card ` +
        `number, expiry date and security code, one by one. This is a demonstration: ask for an invented card. ${MANNER}`,
      tools: [
        updateName,
        updatePhone,
        toGreeter,
        transfer('to_takeaway', 'The guest wants to change the order.', () => new Takeaway()),
        tool({
          name: 'confirm_price',
          description: 'The guest agrees with the price.',
          parameters: z.object({ dollars: z.number().positive() }),
          execute: ({ dollars }, { userData }: Context) => {
            userData.confirmedPrice = dollars;
            return `The price is ${dollars} dollars.`;
          },
        }),
        tool({
          name: 'update_card',
          description: 'The guest gave all three: number, expiry date and security code; confirm them first.',
          parameters: z.object({ number: z.string(), expiry: z.string(), cvv: z.string() }),
          execute: (card, { userData }: Context) => {
            userData.card = card;
            return 'The card is noted.';
          },
        }),
        tool({
          name: 'confirm_checkout',
          description: 'The guest confirms the payment.',
          execute: (_, { userData }: Context): Handoff => {
            if (userData.confirmedPrice === null) throw new ToolError('Confirm the price first.');
            if (!userData.card) throw new ToolError('Ask for the card first.');
            userData.checkedOut = true;
            return { agent: new Greeter(), result: 'The order is paid.' };
          },
        }),
      ],
    });
  }
}

const updateName = tool({
  name: 'update_name',
  description: 'The guest said their name; confirm the spelling first.',
  parameters: z.object({ name: z.string().min(1) }),
  execute: ({ name }, { userData }: Context) => {
    userData.name = name;
    return `The name is ${name}.`;
  },
});

const updatePhone = tool({
  name: 'update_phone',
  description: 'The guest said their phone number; confirm it first.',
  parameters: z.object({ phone: z.string().min(1) }),
  execute: ({ phone }, { userData }: Context) => {
    userData.phone = phone;
    return `The phone number is ${phone}.`;
  },
});

const toGreeter = transfer('to_greeter', 'The guest wants something that is not your job.', () => new Greeter());

function transfer(name: string, description: string, makeColleague: () => Staff): Tool {
  return tool({
    name,
    description,
    execute: (): Handoff => ({ agent: makeColleague(), result: 'Handed over.' }),
  });
}

/** Card numbers stay out of what models are shown again and again. */
function summaryOf({ card, ...visit }: Visit): string {
  return JSON.stringify({ ...visit, card: card ? 'given' : null });
}
