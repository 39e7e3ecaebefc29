// Shows and hides what was typed into a password field. Without this file the pages are complete.
for (const button of document.querySelectorAll("button[aria-controls]")) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const reveal = (shown) => {
    field.type = shown ? "text" : "password";
    button.ariaPressed = shown;
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
  };
  button.addEventListener("click", () => reveal(field.type === "password"));
  field.form.addEventListener("submit", () => reveal(false));
  button.hidden = false;
}
