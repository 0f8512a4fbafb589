/// A call of a layer in a functional model of Keras: a node of its configuration.
struct KerasCall {
  /// A tensor by the call that makes it.
  struct Source {
    var layer: String
    var call: Int
    var output: Int
  }

  let layer: String
  /// From 0, in the order of the configuration.
  let number: Int
  let sources: [Source]
  let json: JSON
  let className: String
  /// The layer's place in the configuration.
  let index: Int
  let arguments: JSON

  /// The number by which each layer's first call goes, where it is not 0: a model was called once when it was made, which Keras 2
  /// counts though it does not write it down.
  static func firstNumbers(of calls: [KerasCall], takenBy sources: [Source]) -> [String: Int] {
    let counts = calls.reduce(into: [:]) { $0[$1.layer, default: 0] += 1 }
    return sources.reduce(into: [:]) { firsts, source in
      if source.call == counts[source.layer] { firsts[source.layer] = 1 }
    }
  }

  /// The calls in the order of the configuration, but each after those whose tensors it takes: a layer that is called several times
  /// stands where it was called first.
  static func ordered(_ calls: [KerasCall], firsts: [String: Int]) -> [KerasCall] {
    struct Key: Hashable {
      let layer: String
      let number: Int
    }
    let places = Dictionary(
      calls.enumerated().map { (Key(layer: $1.layer, number: $1.number), $0) },
      uniquingKeysWith: { first, _ in first })
    var (isOpen, isDone) = (calls.map { _ in false }, calls.map { _ in false })
    var order: [KerasCall] = []
    for start in calls.indices {
      var stack = [start]
      while let place = stack.last {
        if isOpen[place] {
          stack.removeLast()
          if !isDone[place] { order.append(calls[place]) }
          isDone[place] = true
          continue
        }
        isOpen[place] = true
        for source in calls[place].sources.reversed() {
          let key = Key(layer: source.layer, number: source.call - (firsts[source.layer] ?? 0))
          if let before = places[key], !isOpen[before] { stack.append(before) }
        }
      }
    }
    return order
  }
}
