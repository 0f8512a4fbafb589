import Mustache
import Runtime
import Sequences

/// A page that tells what was found: one file without outside references.
struct Page {
  let title: String
  let lead: String
  /// Numbers to remember, and what they are.
  let facts: [(number: String, text: String)]
  let sections: [PageSection]
  let seed: UInt64
  /// What the page is of, in a word.
  var kind = "study"

  /// The page's HTML.
  func html() throws -> String {
    let library = MustacheLibrary(templates: [
      "figure": try MustacheTemplate(string: PageTemplate.figure),
      "table": try MustacheTemplate(string: PageTemplate.table),
    ])
    let sections = try sections.enumerated().map { index, section -> [String: Any] in
      let template = try MustacheTemplate(string: section.template)
      return [
        "id": section.id, "title": section.title, "shortTitle": section.shortTitle, "number": index + 1,
        "body": template.render(section.context, library: library),
      ]
    }
    let page: [String: Any] = [
      "title": title, "lead": lead, "facts": facts.map { ["number": $0.number, "text": $0.text] },
      "sections": sections, "kind": kind, "seed": "\(seed)", "version": Release.version,
      "style": PageStyle.css,
      "script": PageScript.javaScript, "letters": MiniLogo.outlines,
    ]
    return try MustacheTemplate(string: PageTemplate.page).render(page, library: library)
  }
}
