/** Something an operator or a person entered cannot be taken: names the field, says the fix, never repeats the text. */
export class InputError extends Error {
  override readonly name = 'InputError'
  /** 'invalid': wrong form. 'taken': exists already. 'unknown': nothing by that name. */
  readonly kind: 'invalid' | 'taken' | 'unknown'
  readonly field: string

  constructor(kind: InputError['kind'], field: string, message: string) {
    super(message)
    this.kind = kind
    this.field = field
  }
}
