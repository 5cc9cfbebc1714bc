// The job sheet on paper: one press prints it.

document.getElementById("print").addEventListener("click", () => print());
