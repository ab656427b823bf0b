declare module 'fontkit' {
  export const create: (font: Buffer) => { hasGlyphForCodePoint(codePoint: number): boolean };
}
