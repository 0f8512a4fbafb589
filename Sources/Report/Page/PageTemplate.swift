/// The page around its sections, and the parts that sections share. Mustache.
enum PageTemplate {
  static let page = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="MotifKit {{version}}">
    <link rel="icon" href="data:,">
    <title>{{title}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body id="top">
    {{{letters}}}
    <nav class="contents" aria-label="Contents">
    <ol>
    {{#sections}}
    <li><a href="#{{id}}">{{shortTitle}}</a></li>
    {{/sections}}
    </ol>
    </nav>
    <main>
    <header>
    <p class="eyebrow">MotifKit {{kind}}</p>
    <h1>{{title}}</h1>
    <p class="lead">{{lead}}</p>
    <ul class="facts">
    {{#facts}}
    <li><strong>{{number}}</strong><span>{{text}}</span></li>
    {{/facts}}
    </ul>
    </header>
    {{#sections}}
    <section id="{{id}}">
    <h2><span class="number">{{number}}</span>{{title}}</h2>
    {{{body}}}
    </section>
    {{/sections}}
    <footer>Made by motifkit {{version}} with seed {{seed}}. This page needs no network and no other file.</footer>
    </main>
    <script>
    {{{script}}}
    </script>
    </body>
    </html>

    """

  static let figure = """
    <figure>
    <div class="frame"><div class="picture" tabindex="0">{{{svg}}}</div></div>
    <figcaption>{{{caption}}}
    <span class="files"><a class="svg" href="figures/{{name}}.svg" download="{{name}}.svg">SVG</a>\
    <a href="figures/{{name}}.png">PNG</a><a href="figures/{{name}}.pdf">PDF</a></span>
    </figcaption>
    </figure>
    """

  static let table = """
    <div class="frame"><div class="table{{#isTall}} tall{{/isTall}}" tabindex="0" role="region" aria-label="Table {{name}}">
    <table{{#isSortable}} class="sortable"{{/isSortable}}>
    <thead><tr>{{#heads}}<th scope="col"{{#isNumeric}} class="n"{{/isNumeric}}>{{{html}}}</th>{{/heads}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr{{#isFaded}} class="off"{{/isFaded}}>{{#cells}}<td{{#isNumeric}} class="n" data-value="{{value}}"{{/isNumeric}}\
    {{^isNumeric}}{{#isLong}} class="wrap"{{/isLong}}{{/isNumeric}}>{{{html}}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div></div>
    <p class="under">{{#isTall}}<button type="button" class="all">Show all {{count}} rows</button> · {{/isTall}}<a download="{{name}}.tsv" href="data:text/tab-separated-values;base64,{{data}}">{{name}}.tsv</a></p>
    """
}
