// Makes the page from the site's API, as an application in the browser does.
customElements.define("release-note", class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: "open" }).innerHTML = "<p>Versions before 2.2 get no more fixes.</p>";
  }
});
fetch("/api/releases").then(answer => answer.json()).then(releases => {
  const rows = releases.map(each => `<tr><td>${each.version}</td><td>${each.jobs_per_second}</td></tr>`);
  document.getElementById("root").innerHTML = `<main><h1>Releases</h1>
    <p>How many jobs a second one worker of each release of Kestrel does, as measured on the day that it came out.</p>
    <table><tr><th>Version</th><th>Jobs a second</th></tr>${rows.join("")}</table><release-note></release-note>
    <img src="/static/chart.png" alt="chart"></main>`;
});
