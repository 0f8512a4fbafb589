import Discovery
import Foundation

/// What `Golden/discovery_reference.py` writes.
struct Golden: Decodable {
  struct Recursive: Decodable {
    let values: [Int]
    let control: [Int]
    let length: Int
    let spans: [[Double]]
    let controlled: [[Double]]
    let estimates: [[Double]]
  }
  struct Isotonic: Decodable {
    let sums: [Double]
    let null: [Double]
    let threshold: Double
  }
  struct Density: Decodable {
    let distances: [[Double]]
    let weights: [[Double]]
    let loops: [Double]
  }
  struct Graph: Decodable {
    let nodes: Int
    let edges: [[Int]]
    let weights: [Double]
    let partition: [Int]
    let modularity: Double
    let leiden: Double
    let communities: [Int]
  }
  let recursive: Recursive
  let isotonic: Isotonic
  let codes: [UInt8]
  let hypothetical: [Int]
  /// [x][y]: score, offset, strand.
  let matches: [[[Double]]]
  let aligned: [[Double]]
  let cosines: [[Double]]
  let density: Density
  let graph: Graph

  static let file: Golden = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden/discovery_golden.json")
    return try! JSONDecoder().decode(Golden.self, from: Data(contentsOf: path))
  }()

  /// The sequences of the similarities and k-mers.
  var tracks: AttributionTracks {
    get throws {
      try AttributionTracks(codes: codes, hypothetical: Self.thousandths(hypothetical), length: 40)
    }
  }

  /// The middle thirty bases of each.
  var seqlets: [Seqlet] { (0..<12).map { Seqlet(sequence: $0, start: 5, end: 35) } }

  static func thousandths(_ numbers: [Int]) -> [Float] { numbers.map { Float(Double($0) / 1000) } }
}

/// A graph of edges with weights.
func graph(nodes: Int, edges: [(Int, Int, Double)], loops: [Double]? = nil) -> NeighborGraph {
  var lists = [[(Int, Double)]](repeating: [], count: nodes)
  for (a, b, weight) in edges {
    lists[a].append((b, weight))
    lists[b].append((a, weight))
  }
  for node in lists.indices { lists[node].sort { $0.0 < $1.0 } }
  return NeighborGraph(
    starts: lists.reduce(into: [0]) { $0.append($0.last! + $1.count) },
    neighbors: lists.flatMap { $0.map { Int32($0.0) } }, weights: lists.flatMap { $0.map { Float($0.1) } },
    loops: loops ?? Array(repeating: 0, count: nodes))
}
