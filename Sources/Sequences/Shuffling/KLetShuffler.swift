import Runtime

/// Shuffles a sequence so that the number of each of its k-lets stays the same.
///
/// A sequence is a walk through a graph whose vertices are its (k − 1)-lets and whose edges are its k-lets;
/// every walk over the same edges is a shuffle. Unknown bases count as a fifth letter. The first and the last
/// k − 1 letters stay (for k = 1 the shuffle is a plain permutation).
public struct KLetShuffler: Sendable {
  /// How a walk is drawn.
  public enum Method: String, CaseIterable, Sendable {
    /// All legal shuffles with the same probability: a uniform random tree of last exits into the last vertex
    /// (Wilson 1996), then the other edges of each vertex in random order (Kandel, Matias, Unger & Winkler
    /// 1996; Jiang, Anderson, Gillespie & Mayne 2008).
    case uniform
    /// As DeepLIFT and tangermeme do it: the last exit of every vertex stays what it was. Reaches only few of
    /// the legal shuffles.
    case compat
  }

  /// The largest k for which a (k − 1)-let fits into one number.
  public static let maximalOrder = 28

  public let order: Int
  public let method: Method

  // For each vertex: where its edges start in `edges`, and how many have been walked.
  private var first: [Int32] = []
  private var walked: [Int32] = []
  // For each edge the position (of its k-let in the sequence) that it came from, grouped by vertex.
  private var edges: [Int32] = []
  // The same in the order of the sequence.
  private var grouped: [Int32] = []
  // The vertex before and after each edge: edge `i` leads from `vertices[i]` to `vertices[i + 1]`.
  private var vertices: [Int32] = []
  private var lastExit: [Int32] = []
  private var inTree: [Bool] = []

  /// - Parameter order: k; 2 keeps dinucleotides.
  /// - Throws: `InputError` unless `order` is from 1 to `maximalOrder`.
  public init(order: Int = 2, method: Method = .uniform) throws {
    guard (1...Self.maximalOrder).contains(order) else {
      throw InputError("order \(order): expected 1 to \(Self.maximalOrder)")
    }
    self.order = order
    self.method = method
  }

  /// Reads a sequence of which `shuffled(_:using:)` makes many shuffles.
  package mutating func read(_ codes: some Collection<UInt8>) {
    var codes = Array(codes)
    codes.withUnsafeMutableBufferPointer { read($0) }
  }

  /// One more shuffle of the sequence that was read last, `codes`: the same as `shuffle(_:using:)` gives.
  package mutating func shuffled(_ codes: some Collection<UInt8>, using random: inout CounterRandom)
    -> [UInt8]
  {
    var result = Array(codes)
    result.withUnsafeMutableBufferPointer { shuffleAgain($0, using: &random) }
    return result
  }

  /// One shuffle of `codes`.
  public mutating func shuffle(_ codes: some Collection<UInt8>, using random: inout CounterRandom) -> [UInt8]
  {
    var result = Array(codes)
    result.withUnsafeMutableBufferPointer { shuffle($0, using: &random) }
    return result
  }

  /// Shuffles `codes` in place.
  mutating func shuffle(_ codes: UnsafeMutableBufferPointer<UInt8>, using random: inout CounterRandom) {
    if order == 1 {
      guard codes.count > 1 else { return }
      for last in stride(from: codes.count - 1, to: 0, by: -1) { codes.swapAt(last, random.below(last + 1)) }
      return
    }
    read(codes)
    shuffleAgain(codes, using: &random)
  }

  /// Reads a sequence for `shuffleAgain`.
  mutating func read(_ codes: UnsafeMutableBufferPointer<UInt8>) {
    guard order > 1, codes.count > order else { return }
    numberVertices(codes)
    groupEdges(codes.count - order + 1)
  }

  /// Shuffles in place the sequence that was read last: what is known of it is known for many shuffles.
  mutating func shuffleAgain(
    _ codes: UnsafeMutableBufferPointer<UInt8>, using random: inout CounterRandom
  ) {
    guard order > 1 else { return shuffle(codes, using: &random) }
    guard codes.count > order else { return }
    let edgeCount = codes.count - order + 1
    edges.removeAll(keepingCapacity: true)
    edges.append(contentsOf: grouped)
    let end = Int(vertices[edgeCount])
    if method == .uniform { drawLastExits(into: end, using: &random) }
    permuteEdges(end, using: &random)
    walk(codes, edgeCount)
  }

  /// Gives each (k − 1)-let of the sequence a number, so that the first ones are small.
  private mutating func numberVertices(_ codes: UnsafeMutableBufferPointer<UInt8>) {
    let letters = order - 1
    let count = codes.count - letters + 1
    let modulus = (0..<letters).reduce(UInt64(1)) { power, _ in power * 5 }
    var word: UInt64 = 0
    for code in codes.prefix(letters - 1) { word = word * 5 + UInt64(code) }
    vertices.removeAll(keepingCapacity: true)
    // The words themselves where there are few, else numbers in the order of appearance.
    var numbers: [UInt64: Int32] = [:]
    let areNumbers = modulus <= 625 || modulus <= UInt64(count)
    for position in 0..<count {
      word = word % (modulus / 5) * 5 + UInt64(codes[position + letters - 1])
      if areNumbers {
        vertices.append(Int32(word))
      } else {
        let next = Int32(numbers.count)
        vertices.append(
          numbers[word]
            ?? {
              numbers[word] = next; return next
            }())
      }
    }
    let vertexCount = areNumbers ? Int(modulus) : numbers.count
    first.removeAll(keepingCapacity: true)
    first.append(contentsOf: repeatElement(0, count: vertexCount + 1))
    walked.removeAll(keepingCapacity: true)
    walked.append(contentsOf: repeatElement(0, count: vertexCount))
  }

  /// Sorts the edges by the vertex they leave, in the order of the sequence.
  private mutating func groupEdges(_ edgeCount: Int) {
    for edge in 0..<edgeCount { first[Int(vertices[edge]) + 1] += 1 }
    for vertex in 1..<first.count { first[vertex] += first[vertex - 1] }
    grouped.removeAll(keepingCapacity: true)
    grouped.append(contentsOf: repeatElement(0, count: edgeCount))
    for edge in 0..<edgeCount {
      let vertex = Int(vertices[edge])
      grouped[Int(first[vertex] + walked[vertex])] = Int32(edge)
      walked[vertex] += 1
    }
  }

  /// Puts the edges of a uniform random tree into `end` last in their vertices' groups (Wilson's algorithm).
  private mutating func drawLastExits(into end: Int, using random: inout CounterRandom) {
    let vertexCount = walked.count
    lastExit.removeAll(keepingCapacity: true)
    lastExit.append(contentsOf: repeatElement(0, count: vertexCount))
    inTree.removeAll(keepingCapacity: true)
    inTree.append(contentsOf: repeatElement(false, count: vertexCount))
    inTree[end] = true
    for root in 0..<vertexCount where first[root + 1] > first[root] && !inTree[root] {
      var vertex = root
      while !inTree[vertex] {
        let start = Int(first[vertex])
        let slot = start + random.below(Int(first[vertex + 1]) - start)
        lastExit[vertex] = Int32(slot)
        vertex = Int(vertices[Int(edges[slot]) + 1])
      }
      vertex = root
      while !inTree[vertex] {
        inTree[vertex] = true
        vertex = Int(vertices[Int(edges[Int(lastExit[vertex])]) + 1])
      }
    }
    for vertex in 0..<vertexCount where vertex != end && first[vertex + 1] > first[vertex] {
      edges.swapAt(Int(lastExit[vertex]), Int(first[vertex + 1]) - 1)
    }
  }

  /// Permutes the edges of each vertex except the last exits.
  private mutating func permuteEdges(_ end: Int, using random: inout CounterRandom) {
    let keepsLast = method == .compat
    edges.withUnsafeMutableBufferPointer { edges in
      for vertex in walked.indices {
        walked[vertex] = 0
        let start = Int(first[vertex])
        var count = Int(first[vertex + 1]) - start
        // The walk ends in `end`, so none of its exits needs to be the last.
        if keepsLast || vertex != end { count -= 1 }
        guard count > 1 else { continue }
        for last in stride(from: count - 1, to: 0, by: -1) {
          edges.swapAt(start + last, start + random.below(last + 1))
        }
      }
    }
  }

  /// Takes the edges of each vertex in their order; the letter of an edge is the last of its k-let.
  private mutating func walk(_ codes: UnsafeMutableBufferPointer<UInt8>, _ edgeCount: Int) {
    let letters = order - 1
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: codes.count) { old in
      _ = old.initialize(from: codes)
      walked.withUnsafeMutableBufferPointer { walked in
        edges.withUnsafeBufferPointer { edges in
          var vertex = Int(vertices[0])
          for position in 0..<edgeCount {
            let edge = Int(edges[Int(first[vertex] + walked[vertex])])
            walked[vertex] += 1
            codes[position + letters] = old[edge + letters]
            vertex = Int(vertices[edge + 1])
          }
        }
      }
    }
  }
}

extension SequenceSet {
  /// A shuffle of each sequence that keeps its k-lets; names stay, labels do not.
  ///
  /// - Parameters:
  ///   - order: k; 2 keeps dinucleotides.
  ///   - copy: which of many shuffles; each is a function of (`seed`, `copy`, the sequence's index).
  /// - Throws: `InputError` unless `order` is from 1 to `KLetShuffler.maximalOrder`.
  public func shuffled(
    order: Int = 2, method: KLetShuffler.Method = .uniform, seed: UInt64, copy: Int = 0,
    threads: Int = Parallel.threads
  ) throws -> SequenceSet {
    let shuffler = try KLetShuffler(order: order, method: method)
    var result = codes
    let block = 2048
    result.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let buffer = buffer
      Parallel.forEach((count + block - 1) / block, threads: threads) { index in
        var shuffler = shuffler
        for sequence in index * block..<min(count, (index + 1) * block) {
          var random = CounterRandom(seed: seed, purpose: .shuffle, epoch: copy, index: sequence)
          let codes = UnsafeMutableBufferPointer(rebasing: buffer[starts[sequence]..<starts[sequence + 1]])
          shuffler.shuffle(codes, using: &random)
        }
      }
    }
    return SequenceSet(codes: result, starts: starts, names: names)
  }
}
