import Figures
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What an XML parser sees in an SVG.
final class SVGDocument: NSObject, XMLParserDelegate {
  private(set) var identifiers: [String] = []
  private(set) var references: Set<String> = []
  private(set) var elements: [String: Int] = [:]
  private(set) var root: [String: String] = [:]

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    guard parser.parse() else {
      throw FigureError("line \(parser.lineNumber): \(parser.parserError?.localizedDescription ?? "not XML")")
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if elements.isEmpty { root = attributes }
    elements[element, default: 0] += 1
    if let id = attributes["id"] { identifiers.append(id) }
    for value in attributes.values {
      if value.hasPrefix("#"), value.count != 7 || attributes["xlink:href"] == value {
        references.insert(String(value.dropFirst()))
      }
      if let start = value.range(of: "url(#") {
        references.insert(String(value[start.upperBound...].prefix { $0 != ")" }))
      }
    }
  }
}

@Suite struct SVGTests {
  @Test(arguments: Gallery.entries) func isWellFormed(_ entry: Gallery.Entry) throws {
    let svg = try SVGDocument(entry.drawing.figure().svg())
    #expect(Set(svg.identifiers).count == svg.identifiers.count)
    #expect(svg.references.isSubset(of: svg.identifiers))
  }

  @Test func identifiersDifferBetweenFigures() throws {
    let first = try SVGDocument(SequenceLogo(information: Synthetic.foxo1).figure().svg())
    let second = try SVGDocument(SequenceLogo(frequencies: Synthetic.foxo1).figure().svg())
    #expect(!first.identifiers.isEmpty)
    #expect(Set(first.identifiers).isDisjoint(with: second.identifiers))
    let named = try SVGDocument(
      SequenceLogo(information: Synthetic.foxo1).figure().svg(identifiers: "logo7-"))
    #expect(named.identifiers.allSatisfy { $0.hasPrefix("logo7-") })
  }

  @Test func inlineHasNoPrologue() throws {
    let figure = SequenceLogo(information: Synthetic.foxo1, title: "A < \"B\" & \u{1}C").figure()
    #expect(try figure.svg().hasPrefix("<?xml"))
    let inline = try figure.svg(inline: true)
    #expect(inline.hasPrefix("<svg "))
    #expect(try SVGDocument(inline).root["aria-label"] == "A < \"B\" &  C")
  }

  @Test func colorsAndSizesAreKept() throws {
    let figure = Figure(Size(40.5, 20)) { canvas in
      canvas.fill(Rectangle(x: 1.2345, y: 2, width: 3, height: 4), Color(0x0A2839))
      canvas.cells(
        [Color(0x000000), Color(0xFFFFFF)], columns: 2, in: Rectangle(x: 0, y: 10, width: 8, height: 4))
    }
    let svg = try figure.svg()
    #expect(svg.contains("width=\"40.5pt\" height=\"20pt\" viewBox=\"0 0 40.5 20\""))
    #expect(svg.contains("#0a2839"))
    #expect(svg.contains("M 1.23 2 L 4.23 2 L 4.23 6 L 1.23 6 Z"))
    #expect(try SVGDocument(svg).elements["image"] == 1)
    #expect(svg.contains("image-rendering:pixelated"))
  }
}
