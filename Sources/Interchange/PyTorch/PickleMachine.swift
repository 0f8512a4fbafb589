import Arrays
import Runtime

/// Runs a pickle's 34 operations, those that a PyTorch file may use, to an inert `Pickle`.
///
/// Operations: Python's `pickletools`, protocol 2; the selection is that of PyTorch's own reader for `weights_only`.
struct PickleMachine {
  private var reader: ByteReader
  private var pickle = Pickle()
  private var stack: [Pickle.Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Pickle.Value] = [:]

  struct Failure: Error { var reason: String }

  /// Runs one pickle from where `reader` is, and leaves it after the pickle's end.
  ///
  /// Throws `Failure` for what is no pickle of the kind.
  static func run(_ reader: inout ByteReader) throws -> Pickle {
    var machine = PickleMachine(reader: reader)
    do {
      while try machine.step() {}
    } catch is ByteReader.EndOfBytes { throw Failure(reason: "its pickle is cut short") }
    reader = machine.reader
    return machine.pickle
  }

  private init(reader: ByteReader) { self.reader = reader }

  private func damaged() -> Failure { Failure(reason: "its pickle is damaged") }

  private mutating func push(_ node: Pickle.Node) {
    pickle.nodes.append(node)
    stack.append(.node(pickle.nodes.count - 1))
  }

  private mutating func pop() throws -> Pickle.Value {
    guard stack.count > (marks.last ?? 0) else { throw damaged() }
    return stack.removeLast()
  }

  private mutating func pop(_ count: Int) throws -> [Pickle.Value] {
    guard stack.count - count >= (marks.last ?? 0) else { throw damaged() }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws -> [Pickle.Value] {
    guard let mark = marks.popLast() else { throw damaged() }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  /// Changes the node on top of the stack.
  private mutating func change(_ body: (inout Pickle.Node) -> Void) throws {
    guard stack.count > (marks.last ?? 0), case .node(let index) = stack.last else { throw damaged() }
    body(&pickle.nodes[index])
  }

  private mutating func keep(_ index: Int) throws {
    guard let top = stack.last else { throw damaged() }
    memo[index] = top
  }

  private mutating func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw damaged() }
    stack.append(value)
  }

  private mutating func text(_ count: Int) throws -> String {
    String(decoding: try reader.take(count), as: UTF8.self)
  }

  /// One operation; false after the last.
  private mutating func step() throws -> Bool {
    let operation = try reader.byte()
    switch operation {
    case 0x80:  // PROTO
      let version = try reader.byte()
      guard version <= 2 else {
        throw Failure(reason: "its pickle is of protocol \(version); PyTorch's is 2")
      }
    case UInt8(ascii: "."):  // STOP
      pickle.root = try pop()
      return false
    case UInt8(ascii: "("): marks.append(stack.count)  // MARK
    case UInt8(ascii: "N"): stack.append(.none)  // NONE
    case 0x88: stack.append(.bool(true))  // NEWTRUE
    case 0x89: stack.append(.bool(false))  // NEWFALSE
    case UInt8(ascii: "J"): stack.append(.integer(Int(try reader.integer(Int32.self))))  // BININT
    case UInt8(ascii: "K"): stack.append(.integer(Int(try reader.byte())))  // BININT1
    case UInt8(ascii: "M"): stack.append(.integer(Int(try reader.integer(UInt16.self))))  // BININT2
    case 0x8A: stack.append(.integer(try long()))  // LONG1
    case UInt8(ascii: "G"):  // BINFLOAT
      stack.append(.double(Double(bitPattern: UInt64(try reader.integer(UInt64.self)).byteSwapped)))
    case UInt8(ascii: "X"): stack.append(.text(try text(Int(try reader.integer(UInt32.self)))))  // BINUNICODE
    case UInt8(ascii: "U"): stack.append(.text(try text(Int(try reader.byte()))))  // SHORT_BINSTRING
    case UInt8(ascii: "q"): try keep(Int(try reader.byte()))  // BINPUT
    case UInt8(ascii: "r"): try keep(Int(try reader.integer(UInt32.self)))  // LONG_BINPUT
    case UInt8(ascii: "h"): try recall(Int(try reader.byte()))  // BINGET
    case UInt8(ascii: "j"): try recall(Int(try reader.integer(UInt32.self)))  // LONG_BINGET
    default: try structure(operation)
    }
    return true
  }

  /// Operations on containers and objects.
  private mutating func structure(_ operation: UInt8) throws {
    switch operation {
    case UInt8(ascii: ")"): push(.init(kind: .tuple))  // EMPTY_TUPLE
    case UInt8(ascii: "]"): push(.init(kind: .list))  // EMPTY_LIST
    case UInt8(ascii: "}"): push(.init(kind: .dictionary))  // EMPTY_DICT
    case 0x8F: push(.init(kind: .set))  // EMPTY_SET
    case UInt8(ascii: "t"): push(.init(kind: .tuple, items: try popToMark()))  // TUPLE
    // TUPLE1 to TUPLE3
    case 0x85, 0x86, 0x87: push(.init(kind: .tuple, items: try pop(Int(operation) - 0x84)))
    case UInt8(ascii: "a"):  // APPEND
      let item = try pop()
      try change { $0.items.append(item) }
    case UInt8(ascii: "e"):  // APPENDS
      let items = try popToMark()
      try change { $0.items += items }
    case UInt8(ascii: "s"):  // SETITEM
      let pair = try pop(2)
      try change { $0.pairs.append((pair[0], pair[1])) }
    case UInt8(ascii: "u"):  // SETITEMS
      let items = try popToMark()
      guard items.count % 2 == 0 else { throw damaged() }
      let pairs = stride(from: 0, to: items.count, by: 2).map { (items[$0], items[$0 + 1]) }
      try change { $0.pairs += pairs }
    case UInt8(ascii: "c"):  // GLOBAL
      let module = String(decoding: try reader.line(), as: UTF8.self)
      let name = String(decoding: try reader.line(), as: UTF8.self)
      push(.init(kind: .global(module: module, name: name)))
    case UInt8(ascii: "R"), 0x81:  // REDUCE, NEWOBJ
      let parts = try pop(2)
      let isDictionary = ["collections.OrderedDict", "builtins.dict", "__builtin__.dict"].contains(
        pickle.global(parts[0]))
      push(
        isDictionary
          ? .init(kind: .dictionary) : .init(kind: .object, constructor: parts[0], arguments: parts[1]))
    case UInt8(ascii: "b"):  // BUILD
      let state = try pop()
      // What an ordered dictionary is given besides its members (`_metadata`) is of no use.
      try change { if $0.kind == .object { $0.state = state } }
    case UInt8(ascii: "Q"):  // BINPERSID
      push(.init(kind: .persistent, items: [try pop()]))
    default:
      throw Failure(
        reason: "its pickle uses operation 0x\(String(operation, radix: 16)), which no file of PyTorch needs")
    }
  }

  /// A whole number of up to eight bytes, two's complement.
  private mutating func long() throws -> Int {
    let bytes = Array(try reader.take(Int(try reader.byte())))
    // Longer ones (PyTorch's magic number of ten bytes) keep their lowest eight.
    var value: UInt64 = (bytes.last ?? 0) & 0x80 != 0 ? .max : 0
    for byte in bytes.prefix(8).reversed() { value = value << 8 | UInt64(byte) }
    return Int(Int64(bitPattern: value))
  }
}
