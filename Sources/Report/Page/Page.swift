import Mustache
import Runtime

/// A page that tells what was found: one file without outside references.
package struct Page {
  /// A number to remember, and what it is.
  package struct Fact: Sendable {
    package let number: String
    package let text: String

    init(_ number: String, _ text: String) { (self.number, self.text) = (number, text) }
  }

  let title: String
  let lead: String
  let facts: [Fact]
  package let sections: [PageSection]
  let seed: UInt64
  /// What the page is of, in a word.
  var kind = "study"

  private struct Section {
    let id, title, shortTitle: String
    let number: Int
    let body: String
  }

  private struct Context {
    let title, lead: String
    let facts: [Fact]
    let sections: [Section]
    let kind, seed: String
    let version = Release.version
    let style = PageStyle.css
    let script = PageScript.javaScript
    let letters = MiniLogo.outlines
  }

  /// The page's HTML.
  package func html() throws -> String {
    let sections = try sections.enumerated().map { index, section in
      Section(
        id: section.id, title: section.title, shortTitle: section.shortTitle, number: index + 1,
        body: try section.body())
    }
    return try MustacheTemplate(string: PageTemplate.page).render(
      Context(title: title, lead: lead, facts: facts, sections: sections, kind: kind, seed: "\(seed)"))
  }
}
