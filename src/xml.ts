/**
 * A text for an element or an attribute of xmlbuilder2, which takes what looks like an entity (`&lt;`, `&x;`) for one and
 * would leave it as it is.
 */
export const xmlText = (text: string): string => text.replaceAll('&', '&amp;');
