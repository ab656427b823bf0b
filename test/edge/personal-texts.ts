import { mugs, sampleOrder } from '../workflow/test-desk.ts';

/** Texts about people that stand nowhere else: whatever holds one of them holds personal data. */
export const told: string[] = [];
export const canary = (name: string): string => {
  const text = `Kanari${name}vogel`;
  told.push(text);
  return text;
};
export const mailTo = (name: string): string => `${canary(name).toLowerCase()}@example.com`;
const telephone = (digits: string): string => {
  told.push(digits);
  return `+86139${digits}`;
};
/** What a mail reader would turn into a header of its own. */
const disguise = (text: string): string => `=?utf-8?Q?${text}=0D=0ABcc=3A_evil=40example.com?=`;

/** An order with something of a person in each of its texts. */
export const personal = (reference: string, name: string, changes: Record<string, unknown> = {}) => {
  const { buyer, delivery } = sampleOrder(reference);
  return sampleOrder(reference, {
    buyer: {
      ...buyer,
      name: disguise(canary(`${name}Buyer`)),
      contact: {
        name: disguise(canary(`${name}Contact`)),
        telephone: telephone(`${name.length}7310246`),
        email: mailTo(`${name}Mail`),
      },
    },
    delivery: {
      ...delivery,
      recipientName: canary(`${name}Recipient`),
      telephone: telephone(`${name.length}7310357`),
      address: {
        ...delivery.address,
        line1: canary(`${name}Street`),
        line2: canary(`${name}Door`),
        district: canary(`${name}District`),
      },
    },
    invoiceRequest: {
      titleType: 'ORGANIZATION',
      title: canary(`${name}Title`),
      taxpayerId: '91310115MA1K3YYYYY',
      address: canary(`${name}Office`),
      bankName: canary(`${name}Bank`),
      bankAccount: canary(`${name}Account`),
      email: mailTo(`${name}Invoice`),
    },
    notes: canary(`${name}Notes`),
    metadata: { from: canary(`${name}Metadata`) },
    lines: [mugs(2, { note: canary(`${name}LineNote`), customization: canary(`${name}Engraving`) })],
    ...changes,
  });
};

/** What a text reveals of a person, in small letters or not. */
export const revealed = (text: string): string[] => {
  const small = text.toLowerCase();
  return told.filter((one) => small.includes(one.toLowerCase()));
};
