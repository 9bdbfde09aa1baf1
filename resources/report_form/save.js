"use strict";
document.getElementById("report").addEventListener("submit", function (event) {
  event.preventDefault();
  var bytes = crypto.getRandomValues(new Uint8Array(16)), id = "";
  bytes.forEach(function (one) { id += one.toString(16).padStart(2, "0"); });
  var report = { format: "incident-desk-report", version: 1, id: id,
    written_at: new Date().toISOString() };
  new FormData(event.target).forEach(function (value, name) { report[name] = value; });
  var link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(report)], { type: "application/json" }));
  link.download = "report-" + id.slice(0, 12) + ".json";
  link.click();
  document.getElementById("said").textContent =
    "Your report is in the file " + link.download + ". Put it into the folder named above.";
});
