// A number key chooses the answer of that score in the question that has the focus.
document.addEventListener("keydown", (press) => {
  if (press.ctrlKey || press.altKey || press.metaKey || !/^[0-9]$/.test(press.key)) return;
  const question = document.activeElement?.closest(".choices--points");
  const answer = question?.querySelector(`input[type="radio"][value="${press.key}"]`);
  if (!answer) return;
  press.preventDefault();
  answer.focus();
  answer.click();
});
