import PDFDocument from 'pdfkit';

export const margin = 42;
const footerHeight = 34;
const ink = '#1f2933';
export const soft = '#52606d';
const rule = '#cbd2d9';

export type Sheet = ReturnType<typeof createSheet>;
type Structure = ReturnType<PDFKit.PDFDocument['struct']>;

export type TextStyle = { size?: number; color?: string; align?: 'left' | 'right' };

type SheetOptions = {
  /** TrueType. */
  font: Buffer;
  /** Puts text into characters that the font has. */
  draw: (text: string) => string;
  language: string;
  title: string;
  author: string;
  createdAt: Date;
};

/** A4 pages that are filled from top to bottom, tagged for screen readers. Lengths are points. */
export const createSheet = ({ font, draw, language, title, author, createdAt }: SheetOptions) => {
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: margin, left: margin, right: margin, bottom: margin + footerHeight },
    // Without a name here pdfkit opens one of its own fonts, which do not travel in a bundle.
    font: '',
    bufferPages: true,
    pdfVersion: '1.7',
    tagged: true,
    lang: language,
    displayTitle: true,
    info: { Title: draw(title), Author: draw(author), CreationDate: createdAt },
  });
  doc.font(font);
  const root = doc.struct('Document');
  doc.addStructure(root);
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const width = doc.page.width - 2 * margin;
  let y = margin;

  const style = ({ size = 9, color = ink }: TextStyle) => doc.fontSize(size).fillColor(color);
  const measure = (text: string, textWidth: number, textStyle: TextStyle = {}): number => {
    style(textStyle);
    return doc.heightOfString(draw(text), { width: textWidth });
  };
  const write = (
    text: string,
    x: number,
    top: number,
    textWidth: number,
    textStyle: TextStyle = {},
  ): void => {
    style(textStyle);
    doc.text(draw(text), x, top, { width: textWidth, align: textStyle.align ?? 'left' });
  };
  /** What is not part of the reading order: rules, repeated headings, page numbers. */
  const decorate = (paint: () => void, type: 'Layout' | 'Pagination' = 'Layout'): void => {
    doc.markContent('Artifact', { type });
    paint();
    doc.endMarkedContent();
  };

  return {
    width,
    measure,
    write,
    decorate,
    get y() {
      return y;
    },
    moveTo: (top: number): void => {
      y = top;
    },

    /** A structure element with what it paints, under `parent` or on the top level. */
    tag: (name: string, paint?: () => void, parent: Structure = root): Structure => {
      const element = paint ? doc.struct(name, {}, [paint]) : doc.struct(name);
      parent.add(element);
      return element;
    },

    rule: (top = y): void =>
      decorate(() => {
        doc
          .moveTo(margin, top)
          .lineTo(margin + width, top)
          .lineWidth(0.5)
          .strokeColor(rule)
          .stroke();
      }),

    /** Starts a new page when less than `height` is left; true when it did. */
    makeRoom: (height: number): boolean => {
      if (y + height <= doc.page.height - margin - footerHeight) return false;
      doc.addPage();
      y = margin;
      return true;
    },

    /** Writes the foot of every page and ends the document. */
    finish: async (foot: (page: number, pages: number) => string): Promise<Buffer> => {
      const { count } = doc.bufferedPageRange();
      for (let page = 0; page < count; page++) {
        doc.switchToPage(page);
        const bottom = doc.page.height - margin;
        // Text below the bottom margin would start a new page.
        doc.page.margins.bottom = 0;
        decorate(
          () => write(foot(page + 1, count), margin, bottom - 10, width, { size: 8, color: soft }),
          'Pagination',
        );
      }
      root.end();
      const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject));
      doc.end();
      await ended;
      return Buffer.concat(chunks);
    },
  };
};
