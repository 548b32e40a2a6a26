// Ties the page's passkey button to django-allauth's script, which speaks to the browser.
document.addEventListener("DOMContentLoaded", () => {
  const ceremony = document.getElementById("passkey").dataset.ceremony;
  const credential = document.querySelector("[name=credential], [name=confirm-credential]").id;
  window.allauth.webauthn.forms[ceremony]({
    ids: {
      login: "passkey",
      add: "passkey",
      authenticate: "passkey",
      passwordless: "id_passwordless",
      credential,
      data: "asked",
    },
  });
});

// A passkey that was not used is no fault of the page: say so, and leave the other ways open.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-refused").hidden = false;
});
