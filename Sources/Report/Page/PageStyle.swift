/// The page's style sheet.
enum PageStyle {
  static let css = """
    :root {
      color-scheme: light dark;
      --ink: #1f2328; --muted: #5d6671; --line: #dfe3e8; --paper: #ffffff; --wash: #f6f7f9;
      --accent: #22598f; --warm: #b4611a; --card: #ffffff;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ink: #e3e7ec; --muted: #9aa4b0; --line: #343b45; --paper: #14181d; --wash: #1c2128;
        --accent: #82b4e6; --warm: #e6a35c;
      }
    }
    * { box-sizing: border-box; }
    html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16.5px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
      overflow-wrap: break-word;
    }
    a { color: var(--accent); text-underline-offset: 0.15em; }
    main { max-width: 64rem; margin: 0 auto; padding: 0 1.25rem 4rem; }
    h1 { font-size: clamp(1.75rem, 4.5vw, 2.6rem); line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.8rem; }
    h2 {
      font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; margin: 0 0 0.75rem;
    }
    h2 .number { color: var(--muted); font-weight: 500; margin-right: 0.5em; }
    h3 { font-size: 1.08rem; margin: 2rem 0 0.4rem; }
    p, ul.prose, dl { max-width: 43rem; }
    p { margin: 0 0 0.9rem; }
    section { padding-top: 3rem; scroll-margin-top: 0.5rem; }
    .lead { font-size: 1.15rem; color: var(--muted); max-width: 46rem; }
    .eyebrow {
      font-size: 0.8rem; letter-spacing: 0.08em; text-transform: uppercase; color: var(--muted); margin: 3rem 0 0.6rem;
    }

    .contents { padding: 1rem 1.25rem 0; max-width: 64rem; margin: 0 auto; font-size: 0.9rem; }
    .contents ol { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; }
    .contents a { color: var(--muted); text-decoration: none; display: inline-block; padding: 0.3rem 0; }
    .contents a:hover, .contents a:focus-visible, .contents a[aria-current] { color: var(--accent); }
    @media (min-width: 1180px) {
      body { display: grid; grid-template-columns: 14rem minmax(0, 1fr); }
      .contents {
        position: sticky; top: 0; height: 100vh; padding: 3.4rem 1rem 1rem 1.75rem; margin: 0; overflow-y: auto;
        border-right: 1px solid var(--line);
      }
      .contents ol { display: block; }
      .contents a { padding: 0.28rem 0; }
      main { padding: 0 2.5rem 5rem; margin: 0 auto; width: 100%; }
    }

    .facts {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0.8rem; margin: 1.8rem 0 0;
      padding: 0; list-style: none;
    }
    .facts li { background: var(--wash); border-radius: 10px; padding: 1rem 1.1rem; }
    .facts strong {
      display: block; font-size: 1.5rem; line-height: 1.2; letter-spacing: -0.02em; font-variant-numeric: tabular-nums;
    }
    .facts span { color: var(--muted); font-size: 0.92rem; line-height: 1.45; display: block; margin-top: 0.2rem; }

    figure { margin: 1.6rem 0 1.8rem; }
    /* What is wider than the page scrolls, and says so. */
    .frame { position: relative; }
    .frame > * { scrollbar-width: thin; scrollbar-color: var(--muted) var(--wash); }
    .frame.wide::after {
      content: "scroll sideways \\2192"; display: block; text-align: right; font-size: 0.78rem; color: var(--warm);
      margin-top: 0.2rem;
    }
    .frame.wide::before {
      content: ""; position: absolute; z-index: 2; top: 1px; bottom: 1.6rem; right: 0; width: 1.6rem; pointer-events: none;
      background: linear-gradient(to right, transparent, rgb(120 130 140 / 0.35));
    }
    .frame.wide.end::before { display: none; }
    .picture {
      background: #ffffff; border: 1px solid var(--line); border-radius: 10px; padding: 0.75rem; overflow-x: auto;
    }
    .picture svg { display: block; width: 100%; height: auto; margin: 0 auto; }
    figcaption { font-size: 0.92rem; line-height: 1.5; color: var(--muted); margin-top: 0.55rem; max-width: 46rem; }
    figcaption b { color: var(--ink); font-weight: 600; }
    .files { white-space: nowrap; font-size: 0.82rem; }
    .files a { margin-left: 0.55em; }
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 0 1.4rem; }
    .pair figure { margin-bottom: 0.6rem; }
    @media (min-width: 760px) { .pair .picture svg { min-width: 0 !important; } }

    .table { overflow-x: auto; margin: 1.3rem 0 0.4rem; border-top: 2px solid var(--ink); border-bottom: 1px solid var(--line); }
    table { border-collapse: collapse; width: 100%; font-size: 0.9rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.42rem 0.7rem; text-align: left; vertical-align: middle; white-space: nowrap; }
    th:first-child, td:first-child { padding-left: 0.25rem; }
    thead th { font-weight: 600; border-bottom: 1px solid var(--line); vertical-align: bottom; }
    tbody tr + tr td { border-top: 1px solid var(--line); }
    tbody tr:hover td { background: var(--wash); }
    td.n, th.n { text-align: right; }
    td.wrap { white-space: normal; min-width: 14rem; }
    td .mini { background: #ffffff; border-radius: 3px; display: block; }
    td .mini svg { display: block; height: 34px; width: auto; }
    td .mini.two svg { height: 66px; }
    tr.off td { color: var(--muted); }
    th button {
      font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit;
      white-space: nowrap;
    }
    th button::after { content: "↕"; color: var(--muted); opacity: 0.6; margin-left: 0.25em; font-size: 0.85em; }
    th[aria-sort="ascending"] button::after { content: "↑"; opacity: 1; }
    th[aria-sort="descending"] button::after { content: "↓"; opacity: 1; }
    .tall { max-height: 40rem; overflow: auto; }
    .tall.whole { max-height: none; }
    button.all {
      font: inherit; color: var(--accent); background: none; border: 0; padding: 0; cursor: pointer;
      text-decoration: underline; text-underline-offset: 0.15em;
    }
    .tall thead th { position: sticky; top: 0; background: var(--paper); z-index: 1; }
    .under { font-size: 0.85rem; color: var(--muted); margin: 0 0 1.6rem; max-width: none; }
    .note {
      border-left: 3px solid var(--warm); background: var(--wash); padding: 0.8rem 1.1rem; border-radius: 0 8px 8px 0;
      max-width: 46rem; margin: 1.4rem 0;
    }
    .note p:last-child { margin-bottom: 0; }
    details { margin: 1rem 0; }
    summary { cursor: pointer; color: var(--accent); font-size: 0.95rem; padding: 0.2rem 0; }
    code, pre { font: 0.87em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    pre { background: var(--wash); border-radius: 8px; padding: 0.8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
    dl.pairs { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.3rem 1.2rem; margin: 1rem 0; }
    dl.pairs dt { color: var(--muted); }
    dl.pairs dd { margin: 0; }
    footer { color: var(--muted); font-size: 0.88rem; border-top: 1px solid var(--line); margin-top: 4rem; padding-top: 1rem; }
    @media (max-width: 480px) {
      body { font-size: 16px; }
      dl.pairs { grid-template-columns: minmax(0, 1fr); gap: 0; }
      dl.pairs dd { margin-bottom: 0.6rem; }
      .picture { padding: 0.4rem; }
    }
    @media print {
      .contents, .files, .under { display: none; }
      .frame.wide::before, .frame.wide::after { display: none; }
      body { display: block; font-size: 10.5pt; }
      main { max-width: none; padding: 0; }
      figure, tr, .facts li { break-inside: avoid; }
      .picture, .table, .tall { overflow: visible; max-height: none; }
      .picture { border: 0; padding: 0; }
      .picture svg { min-width: 0 !important; }
      h2, h3 { break-after: avoid; }
    }
    """
}
