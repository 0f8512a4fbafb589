/// The page's only script: tables sort by a click on a heading, a picture's SVG link works without its file, and what is
/// wider than the page is marked.
enum PageScript {
  static let javaScript = """
    document.querySelectorAll("table.sortable").forEach(table => {
      const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
      heads.forEach((head, column) => {
        if (head.classList.contains("fixed")) return;
        const button = document.createElement("button");
        button.type = "button";
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => {
          const up = head.getAttribute("aria-sort") !== "ascending";
          heads.forEach(other => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", up ? "ascending" : "descending");
          const key = row => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
          const rows = [...body.rows].map(row => [key(row), row]);
          const numeric = rows.every(([k]) => k === "" || !isNaN(k));
          rows.sort(([a], [b]) => {
            if (a === "" || b === "") return (a === "") - (b === "");
            const order = numeric ? a - b : a.localeCompare(b, "en", { numeric: true });
            return up ? order : -order;
          });
          body.append(...rows.map(([, row]) => row));
        });
      });
    });
    document.querySelectorAll("a.svg").forEach(link => link.addEventListener("click", event => {
      const svg = link.closest("figure")?.querySelector("svg");
      if (!svg) return;
      event.preventDefault();
      const text = '<?xml version="1.0" encoding="UTF-8"?>\\n' + new XMLSerializer().serializeToString(svg);
      const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
      const download = Object.assign(document.createElement("a"), { href: address, download: link.download });
      download.click();
      URL.revokeObjectURL(address);
    }));
    document.querySelectorAll("button.all").forEach(button => button.addEventListener("click", () => {
      const table = button.parentElement.previousElementSibling.firstElementChild;
      const rows = table.querySelectorAll("tbody tr").length;
      button.textContent = table.classList.toggle("whole") ? "Show fewer rows" : `Show all ${rows} rows`;
    }));
    const frames = [...document.querySelectorAll(".frame")];
    const mark = frame => {
      const inner = frame.firstElementChild;
      frame.classList.toggle("wide", inner.scrollWidth > inner.clientWidth + 2);
      frame.classList.toggle("end", inner.scrollLeft + inner.clientWidth >= inner.scrollWidth - 2);
    };
    frames.forEach(frame => {
      frame.firstElementChild.addEventListener("scroll", () => mark(frame), { passive: true });
      frame.closest("details")?.addEventListener("toggle", () => mark(frame));
    });
    const markAll = () => frames.forEach(mark);
    addEventListener("resize", markAll);
    addEventListener("load", markAll);
    const links = new Map([...document.querySelectorAll(".contents a")].map(a => [a.hash.slice(1), a]));
    const observer = new IntersectionObserver(entries => entries.forEach(entry => {
      if (!entry.isIntersecting) return;
      links.forEach(link => link.removeAttribute("aria-current"));
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }), { rootMargin: "-10% 0px -80% 0px" });
    document.querySelectorAll("main section").forEach(section => observer.observe(section));
    """
}
