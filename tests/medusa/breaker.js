// Hands requests on to a server, and kills the program that asks at one of them.
//
//   node breaker.js SERVER_PORT CONTROL     prints its own port; reads CONTROL at each change that is asked for
//
// CONTROL holds "NUMBER before|after PID_FILE": at the change of that number (counted from when CONTROL was written) the program
// of PID_FILE is killed, before the server hears of it or after the server has answered.
const http = require("http"), fs = require("fs");
const [port, control] = process.argv.slice(2);
let seen = 0, written = 0;

function sentence() {
  const at = fs.existsSync(control) ? fs.statSync(control).mtimeMs : 0;
  if (at !== written) { seen = 0; written = at; }
  const [number, when, file] = at ? fs.readFileSync(control, "utf8").trim().split(" ") : [];
  return ++seen === Number(number) ? { when, kill: () => process.kill(Number(fs.readFileSync(file, "utf8")), "SIGKILL") } : {};
}

const server = http.createServer((request, response) => {
  const { when, kill } = /GET/.test(request.method) || /^\/auth/.test(request.url) ? {} : sentence();
  if (when === "before") return kill();
  const onward = http.request({ host: "127.0.0.1", port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => {
      if (when === "after") return kill();
      response.writeHead(answer.statusCode, answer.headers);
      response.end(Buffer.concat(parts));
    });
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
