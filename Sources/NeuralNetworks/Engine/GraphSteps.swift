/// The way from an earlier step's output to a step that takes it apart from the step before it, or with others.
struct Link {
  let step: Int
  /// Whether takers further on have written a gradient before this one, to which it adds. The way back meets the last
  /// taker first.
  let adds: Bool

  /// Gives the earlier step `count` floats of gradient.
  func send(_ gradient: UnsafePointer<Float>, _ work: Workspace, count: Int) {
    let target = work.gradients[step]
    if adds {
      for i in 0..<count { target[i] += gradient[i] }
    } else {
      target.update(from: gradient, count: count)
    }
  }
}

/// An earlier step's output once more, where a branch of the network begins.
final class BranchStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  let links: [Link]

  init(_ link: Link, layers: Range<Int>, shape: PaddedShape) {
    links = [link]
    self.layers = layers
    output = shape
  }

  var isView: Bool { true }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {}

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    links[0].send(work.gradients[step], work, count: count * output.count)
  }
}

/// The sum of earlier outputs of one shape.
final class AdditionStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  let links: [Link]

  init(_ links: [Link], layers: Range<Int>, shape: PaddedShape) {
    self.links = links
    self.layers = layers
    output = shape
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let (x, other, y) = (work.outputs[links[0].step], work.outputs[links[1].step], work.outputs[step])
    for i in 0..<count * output.count { y[i] = x[i] + other[i] }
    for link in links.dropFirst(2) {
      let x = work.outputs[link.step]
      for i in 0..<count * output.count { y[i] += x[i] }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    for link in links.reversed() { link.send(work.gradients[step], work, count: count * output.count) }
  }
}

/// The product of earlier outputs; features gate the channels of every position.
final class MultiplicationStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  let links: [Link]
  private let shapes: [PaddedShape]

  init(_ links: [Link], of shapes: [PaddedShape], layers: Range<Int>) {
    self.links = links
    self.shapes = shapes
    self.layers = layers
    output = shapes.max { $0.length < $1.length }!
  }

  /// Where an input has the number at a place of the output.
  private func place(_ input: Int, _ s: Int, _ i: Int) -> Int {
    shapes[input].length == output.length ? s * output.count + i : s * output.stride + i % output.stride
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    let y = work.outputs[step]
    for s in 0..<count {
      for i in 0..<output.count {
        var product = work.outputs[links[0].step][place(0, s, i)]
        for (k, link) in links.enumerated().dropFirst() { product *= work.outputs[link.step][place(k, s, i)] }
        y[s * output.count + i] = product
      }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    let dy = work.gradients[step]
    for (k, link) in links.enumerated().reversed() {
      let dx = work.gradients[link.step]
      if !link.adds { dx.update(repeating: 0, count: count * shapes[k].count) }
      for s in 0..<count {
        for i in 0..<output.count {
          var product = dy[s * output.count + i]
          for (other, link) in links.enumerated() where other != k {
            product *= work.outputs[link.step][place(other, s, i)]
          }
          dx[place(k, s, i)] += product
        }
      }
    }
  }
}

/// Earlier outputs side by side: the channels of each position, or all numbers as features.
final class JoinStep: Step, @unchecked Sendable {
  let layers: Range<Int>
  let output: PaddedShape
  let links: [Link]
  /// Of each input: its shape, where its first row begins in the output, and floats from there to the next row.
  private let parts: [(shape: PaddedShape, first: Int, step: Int)]

  /// The channels of each position, those of the first input first.
  init(channels links: [Link], of shapes: [PaddedShape], layers: Range<Int>) {
    let channels = shapes.reduce(0) { $0 + $1.channels }
    let output = PaddedShape(.map(length: shapes[0].length, channels: channels))
    var first = 0
    parts = shapes.map { shape in
      defer { first += shape.channels }
      return (shape, first, output.stride)
    }
    (self.links, self.layers, self.output) = (links, layers, output)
  }

  /// All outputs of the network, each position by position, as features.
  init(flattening links: [Link], of shapes: [PaddedShape]) {
    var first = 0
    parts = shapes.map { shape in
      defer { first += shape.length * shape.channels }
      return (shape, first, shape.channels)
    }
    (self.links, layers, output) = (links, 0..<0, PaddedShape(.features(first)))
  }

  func forward(_ work: Workspace, step: Int, count: Int, training: Bool) {
    for (link, part) in zip(links, parts) {
      forEachRow(of: part, count) { x, y in
        (work.outputs[step] + y).update(from: work.outputs[link.step] + x, count: part.shape.channels)
      }
    }
  }

  func backward(
    _ work: Workspace, step: Int, count: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>?
  ) {
    for (link, part) in zip(links, parts).reversed() {
      let (dx, dy) = (work.gradients[link.step], work.gradients[step])
      if !link.adds { dx.update(repeating: 0, count: count * part.shape.count) }
      forEachRow(of: part, count) { x, y in
        for c in 0..<part.shape.channels { dx[x + c] += dy[y + c] }
      }
    }
  }

  private func forEachRow(
    of part: (shape: PaddedShape, first: Int, step: Int), _ count: Int, _ body: (_ x: Int, _ y: Int) -> Void
  ) {
    for s in 0..<count {
      for i in 0..<part.shape.length {
        body(s * part.shape.count + i * part.shape.stride, s * output.count + part.first + i * part.step)
      }
    }
  }
}
