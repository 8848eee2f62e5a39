import fc from 'fast-check'

const codeUnit = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0x00, 0x09, 0x0a, 0x0d, 0x22, 0x23, 0x25, 0x5c, 0x7f, 0xfeff, 0xd800),
  },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
)

/** Any text: mostly ASCII, with controls, quotes, percent signs and lone surrogates in it. */
export const anyText: fc.Arbitrary<string> = fc
  .array(codeUnit, { maxLength: 200 })
  .map((units) => String.fromCharCode(...units))

/** Any JSON value. */
export const anyJson: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 4 })
