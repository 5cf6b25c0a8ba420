// How the page looks, and the little it does: sorting and filtering of tables.
#pragma once

namespace octet::report::html {

inline constexpr const char* style_sheet = R"css(:root {
  --paper: #fff; --ink: #1d2330; --quiet: #596275; --line: #d9dde6; --good: #0b6b3a; --bad: #a3162a;
  --s0: #33598f; --s1: #c7742a; --s2: #3d8168; --s3: #8d4d86; --s4: #7a6a2f; --s5: #4d7fa8; --s6: #a84d4d; --s7: #6f7787;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171d; --ink: #e7eaf0; --quiet: #a3acbd; --line: #343b49; --good: #64cf99; --bad: #ff8f9d;
    --s0: #7ea6e0; --s1: #eba567; --s2: #7cc4a8; --s3: #cf93c8; --s4: #c8b66c; --s5: #8fc0e6; --s6: #e39090; --s7: #aab2c2;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
.verdict { font-size: 2rem; font-weight: 650; margin: .2rem 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin: 1rem 0; padding: 0; }
.facts div { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.facts dt { color: var(--quiet); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.25rem; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); }
.quiet { color: var(--quiet); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 46rem; font-size: .9rem; }
caption { text-align: left; color: var(--quiet); padding: .3rem 0; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th button { all: unset; cursor: pointer; font-weight: 600; }
th button:focus-visible { outline: 2px solid var(--s0); }
figure { margin: 1rem 0; }
figcaption { color: var(--quiet); margin-bottom: .3rem; }
.bar { display: flex; height: 1.6rem; border-radius: .3rem; overflow: hidden; }
.legend { list-style: none; padding: 0; margin: .5rem 0; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .9rem; }
.key { display: inline-block; width: .8rem; height: .8rem; margin-right: .4rem; border-radius: .15rem; }
svg { width: 100%; height: auto; max-width: 40rem; }
svg text { fill: var(--ink); font-size: 12px; }
pre { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.s0 { background: var(--s0); fill: var(--s0); } .s1 { background: var(--s1); fill: var(--s1); }
.s2 { background: var(--s2); fill: var(--s2); } .s3 { background: var(--s3); fill: var(--s3); }
.s4 { background: var(--s4); fill: var(--s4); } .s5 { background: var(--s5); fill: var(--s5); }
.s6 { background: var(--s6); fill: var(--s6); } .s7 { background: var(--s7); fill: var(--s7); }
)css";

inline constexpr const char* script = R"js('use strict';
for (const table of document.querySelectorAll('table')) {
  const body = table.tBodies[0];
  table.querySelectorAll('th button').forEach((button, column) => {
    button.addEventListener('click', () => {
      const up = button.dataset.up !== 'yes';
      button.dataset.up = up ? 'yes' : 'no';
      const key = row => {
        const cell = row.cells[column];
        return cell.dataset.n === undefined ? cell.textContent : Number(cell.dataset.n);
      };
      const rows = [...body.rows].sort((a, b) => {
        const x = key(a), y = key(b);
        return typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
      });
      body.append(...(up ? rows : rows.reverse()));
    });
  });
}
for (const field of document.querySelectorAll('.filter')) {
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase();
    const table = field.closest('section').querySelector('table');
    for (const row of table.tBodies[0].rows) row.hidden = !row.textContent.toLowerCase().includes(words);
  });
}
)js";

}  // namespace octet::report::html
