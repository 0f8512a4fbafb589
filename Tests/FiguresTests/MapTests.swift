import Figures
import Foundation
import Testing

@Suite struct MapTests {
  private let theme = Theme.standard

  private func color(_ map: ColorMap, _ fraction: Double) -> Color { map.color(at: fraction)! }

  @Test func cellsHaveTheColorsOfTheirValues() throws {
    let map = HeatMap([[-1, 0.5], [.nan, 1]], scale: .diverging(limit: 1))
    let chart = try DrawnChart(map, size: Size(100, 80))
    func middle(_ color: Color) throws -> Point {
      // The color bar holds the same colors; the map lies left of it.
      let bar = try chart.text("0").x - 12
      let pixels = chart.pixels(color).filter { $0.x < bar }
      try #require(pixels.count > 500)
      return Point(
        pixels.reduce(0) { $0 + $1.x } / Double(pixels.count),
        pixels.reduce(0) { $0 + $1.y } / Double(pixels.count))
    }
    let blue = try middle(color(.diverging, 0))
    let pink = try middle(color(.diverging, 0.75))
    let grey = try middle(theme.missing)
    let red = try middle(color(.diverging, 1))
    #expect(abs(blue.y - pink.y) < 1 && abs(grey.y - red.y) < 1 && blue.y < grey.y)
    #expect(abs(blue.x - grey.x) < 1 && abs(pink.x - red.x) < 1 && blue.x < pink.x)
  }

  @Test func rowsThatFallTogetherAreMeans() throws {
    // Every second row is 1: at any size the map shows 0.5.
    let rows = (0..<3000).map { row in [Double](repeating: Double(row % 2), count: 4) }
    let chart = try DrawnChart(HeatMap(rows, scale: .sequential(0...1)), size: Size(110, 120))
    #expect(chart.pixels(color(.sequential, 0.5)).count > 5000)
    #expect(chart.pixels(color(.sequential, 1)).count < 200)
  }

  @Test func manyCellsAreStoredWithAPalette() throws {
    let (values, _) = Synthetic.maps(300)
    let figure = HeatMap(values).figure()
    let indexed = try PNGPicture(decoding: figure.png(dpi: 100))
    #expect(indexed.fileChannels == 1)
    let exact = try figure.picture(dpi: 100)
    let errors = zip(indexed.pixels, exact.pixels).map { abs(Int($0) - Int($1)) }
    #expect(errors.max()! <= 32)
    #expect(errors.reduce(0, +) < errors.count)
  }

  @Test func treeOrdersTheCorrelationMap() throws {
    let names = ["a", "b", "c", "d"]
    let values = [[1, 0, 0.9, -1], [0, 1, 0, 0.8], [0.9, 0, 1, 0], [-1, 0.8, 0, 1]]
    let linkage: [LinkageStep] = [
      .init(left: 0, right: 2, height: 0.1, size: 2), .init(left: 1, right: 3, height: 0.2, size: 2),
      .init(left: 4, right: 5, height: 1, size: 4),
    ]
    let map = CorrelationMap(values, names: names, linkage: linkage, cut: 0.15)
    let texts = try map.figure().texts()
    let rows = texts.filter { names.contains($0.string) && $0.box.width < $0.box.height * 2 }
    let right = rows.map(\.box.x).max()!
    #expect(
      rows.filter { $0.box.x == right }.sorted { $0.box.y < $1.box.y }.map(\.string) == ["a", "c", "b", "d"])
  }

  @Test func filtersShareOneScale() throws {
    let weak = FilterHeatMap.Item("weak", weights: [[0.1, 0, 0, 0]])
    let strong = FilterHeatMap.Item("strong", weights: [[0, 0, 0, -2]])
    let chart = try DrawnChart(FilterHeatMap([weak, strong]))
    #expect(chart.pixels(color(.diverging, 0.5 + 0.1 / 4)).count > 300)
    #expect(chart.pixels(color(.diverging, 0)).count > 300)
  }
}

@Suite struct AlignedLogosTests {
  private func drawn(offset: Int, isReversed: Bool) throws -> [(string: String, box: Rectangle)] {
    try AlignedLogos(
      query: Synthetic.frequencies(1, width: 6), queryName: "query", target: Synthetic.foxo1,
      targetName: "target",
      offset: offset, isReversed: isReversed
    ).figure().texts().filter { Int($0.string) != nil && $0.box.height < 6 }
  }

  /// Query column i stands over target column i + offset.
  @Test(arguments: [-4, 0, 3, 9]) func columnsStandOverEachOther(offset: Int) throws {
    let texts = try drawn(offset: offset, isReversed: false)
    let rows = Dictionary(grouping: texts) { Int($0.box.y.rounded()) }.values.filter { $0.count >= 6 }
    let query = try #require(rows.first { $0.count == 6 })
    let target = try #require(rows.first { $0.count == 12 })
    for column in query {
      guard let below = target.first(where: { Int($0.string)! == Int(column.string)! + offset }) else {
        continue
      }
      #expect(abs(below.box.center.x - column.box.center.x) < 0.01)
    }
  }

  @Test func theOtherStrandIsNumberedBackwards() throws {
    let texts = try drawn(offset: 0, isReversed: true)
    let target = try #require(
      Dictionary(grouping: texts) { Int($0.box.y.rounded()) }.values.first { $0.count == 12 })
    #expect(target.sorted { $0.box.x < $1.box.x }.map(\.string) == (1...12).reversed().map(String.init))
  }

  @Test func overlapIsWhatBothHave() {
    func overlap(_ offset: Int) -> Range<Int> {
      AlignedLogos(
        query: Synthetic.frequencies(1, width: 6), queryName: "", target: Synthetic.foxo1, targetName: "",
        offset: offset
      ).overlap
    }
    #expect(overlap(0) == 0..<6)
    #expect(overlap(9) == 0..<3)
    #expect(overlap(-4) == 4..<6)
    #expect(overlap(40).isEmpty)
  }
}

@Suite struct NetworkDiagramTests {
  @Test func everyLayerHasItsShapeAndParameters() throws {
    let texts = try NetworkDiagram(Synthetic.presets(4)).figure().texts().map(\.string)
    for text in ["100 × 4", "89 × 64", "3,136", "39 × 32", "12,320", "17 × 16", "1,552", "7 × 8", "264", "9"]
    {
      #expect(texts.contains(text))
    }
    #expect(texts.filter { $0 == "Conv1D" }.count == 4)
  }

  /// Two branches that are joined, and a sum with the input: blocks 0 to 6.
  private static let branched = NetworkDiagram([
    .init("Input", shape: [100, 4], kind: .input),
    .init("Conv1D", shape: [100, 8], kind: .convolution),
    .init("Conv1D", shape: [100, 8], kind: .convolution, sources: [0]),
    .init("Concatenate", shape: [100, 16], kind: .other, sources: [1, 2]),
    .init("Conv1D", shape: [100, 16], kind: .convolution),
    .init("Add", shape: [100, 16], kind: .other, sources: [4, 3]),
    .init("Dense", shape: [1], kind: .output, sources: [5, 0]),
  ])

  @Test func arrowsThatPassBlocksHaveLanes() {
    let skips = Self.branched.skips
    #expect(skips.map { [$0.from, $0.to] } == [[0, 2], [1, 3], [3, 5], [0, 6]])
    // [0, 2] and [1, 3] overlap; [3, 5] begins where [1, 3] ends; the longest passes all of them.
    #expect(skips.map(\.lane) == [0, 1, 0, 2])
    #expect(NetworkDiagram(Synthetic.presets(4)).skips.isEmpty)
  }

  /// An arrow for every link, whatever rows its ends stand in.
  @Test(arguments: [0, 20]) func everyLinkHasAnArrow(blocksBetween: Int) throws {
    var diagram = Self.branched
    let plain = NetworkDiagram.Block("Conv1D", shape: [100, 16], kind: .convolution)
    diagram.blocks.insert(contentsOf: repeatElement(plain, count: blocksBetween), at: 5)
    diagram.blocks[5 + blocksBetween].sources = [4 + blocksBetween, 3]
    diagram.blocks[6 + blocksBetween].sources = [5 + blocksBetween, 0]
    let links = diagram.blocks.indices.reduce(0) { $0 + diagram.sources(of: $1).count }
    #expect(links == 9 + blocksBetween)
    // Heads are the only triangles: three corners and back.
    let svg = try diagram.figure().svg()
    let heads = svg.matches(of: /d="M [0-9. ]+L [0-9. ]+L [0-9. ]+Z/).count
    #expect(heads == links)
    // Lanes make room: nothing lies beyond the figure.
    #expect(
      diagram.size(.standard).height > NetworkDiagram(diagram.blocks.map(\.alone)).size(.standard).height)
  }
}

extension NetworkDiagram.Block {
  /// The block as if it read the one before.
  fileprivate var alone: Self {
    var block = self
    block.sources = nil
    return block
  }
}
