"""Waiting in the browser until a phone has its pack, or has sent what was written."""

#: Resolves once the whole pack is on the phone: what comes later draws the page anew.
PACKED = """() => new Promise((done, failed) => {
  const last = Date.now() + 60000;
  const look = async () => (await wangge.app.pack.age()) !== null ? done(null)
    : Date.now() > last ? failed("no pack") : setTimeout(look, 100);
  look();
})"""
#: Makes `window.sent`, which resolves once something waited and nothing does any more. Ask before.
SENT_ALL = """() => {
  let waited = false;
  window.sent = new Promise((done) => wangge.app.on("outbox", async () => {
    const { mine } = await wangge.app.outbox.count();
    if (mine) waited = true;
    else if (waited) done(null);
  }));
}"""
