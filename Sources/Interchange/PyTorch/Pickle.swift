import Runtime

/// What a pickle describes, as data.
///
/// A pickle is a program that builds objects. Here nothing is ever called: a class or function is a record of its name, and
/// what the program would make of it is a record of name, arguments and state. Nodes lie in one array and refer to each
/// other by place, so that cycles and deep nesting in a stranger's file cost no stack.
struct Pickle {
  enum Value {
    case none
    case bool(Bool)
    case integer(Int)
    case double(Double)
    case text(String)
    case node(Int)
  }

  enum Kind: Equatable {
    case tuple, list, dictionary, set
    case global(module: String, name: String)
    /// What calling `constructor` with `arguments` would make.
    case object
    /// Something outside the pickle: a tensor's numbers.
    case persistent
  }

  struct Node {
    var kind: Kind
    /// Members of a tuple, list or set; what was appended to an object; a persistent identifier.
    var items: [Value] = []
    /// Members of a dictionary; what was put into an object.
    var pairs: [(key: Value, value: Value)] = []
    var constructor: Value?
    var arguments: Value?
    var state: Value?
  }

  var nodes: [Node] = []
  var root = Value.none

  func node(_ value: Value?) -> Node? { if case .node(let index) = value { nodes[index] } else { nil } }

  func text(_ value: Value?) -> String? { if case .text(let text) = value { text } else { nil } }

  func integer(_ value: Value?) -> Int? {
    switch value {
    case .integer(let number): number
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  func double(_ value: Value?) -> Double? {
    if case .double(let number) = value { number } else { integer(value).map(Double.init) }
  }

  func bool(_ value: Value?) -> Bool? { if case .bool(let flag) = value { flag } else { nil } }

  /// The members of a tuple or list.
  func items(_ value: Value?) -> [Value]? {
    guard let node = node(value), node.kind == .tuple || node.kind == .list else { return nil }
    return node.items
  }

  /// Whole numbers of a tuple or list, or of an object that is made from one, such as `torch.Size`.
  func integers(_ value: Value?) -> [Int]? {
    if let items = items(value) {
      let numbers = items.compactMap(integer)
      return numbers.count == items.count ? numbers : nil
    }
    guard let object = node(value), object.kind == .object, let arguments = items(object.arguments),
      arguments.count == 1, node(arguments[0])?.kind != .object
    else { return nil }
    return integers(arguments[0])
  }

  /// `module.name` of a global, or of a class that the file names with its source text (`("module", class, file, text)`).
  func global(_ value: Value?) -> String? {
    guard let node = node(value) else { return nil }
    switch node.kind {
    case .global(let module, let name): return "\(module).\(name)"
    case .persistent:
      guard let parts = items(node.items.first), parts.count >= 2, text(parts[0]) == "module",
        case .global(let module, let name) = self.node(parts[1])?.kind
      else { return nil }
      return "\(module).\(name)"
    default: return nil
    }
  }

  /// The value under a text in a dictionary.
  func member(_ key: String, of dictionary: Value?) -> Value? {
    node(dictionary)?.pairs.last { text($0.key) == key }?.value
  }
}
