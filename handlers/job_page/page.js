// 复制地址: the clipboard where the phone allows it, else what is selected.
(() => {
  const button = document.getElementById("copy");
  if (!button) return;
  button.addEventListener("click", async () => {
    const place = document.getElementById(button.dataset.of);
    try {
      await navigator.clipboard.writeText(place.textContent);
    } catch {
      getSelection().selectAllChildren(place);
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done;
  });
})();
