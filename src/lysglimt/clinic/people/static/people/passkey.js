// A passkey that was not used is no fault of the page: say so, and leave the other ways open.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-refused").hidden = false;
});
