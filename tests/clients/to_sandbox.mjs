// Sends to a stand-in what a program would send to Brave: its own server has no setting for it.
const here = process.env.BRAVE_STAND_IN;
const send = globalThis.fetch;
globalThis.fetch = (address, options) =>
  send(String(address).replace("https://api.search.brave.com", here), options);
