import Runtime
import Sequences

extension MatrixBlock {
  /// Whether the rows of unlabeled matrices are positions of four numbers, or four bases of many positions.
  ///
  /// One matrix that is not 4 × 4 decides for its file. If all are, positions are rows unless only the columns
  /// share one sum, as the positions of a count or frequency matrix do.
  static func rowsArePositions(_ blocks: [MatrixBlock]) -> Bool {
    for block in blocks where !block.isLabelled {
      if block.columns != nil { return true }
      if block.rows.count != 4 { return true }
      if block.rows.contains(where: { $0.values.count != 4 }) { return false }
    }
    func agree(_ sums: [Double]) -> Bool {
      (sums.max() ?? 0) - (sums.min() ?? 0) <= 1e-2 * abs(sums.max() ?? 0)
    }
    let square = blocks.filter { !$0.isLabelled }
    let byRow = square.allSatisfy { block in agree(block.rows.map { $0.values.reduce(0, +) }) }
    let byColumn = square.allSatisfy { block in
      agree((0..<4).map { column in block.rows.reduce(0) { $0 + $1.values[column] } })
    }
    return byRow || !byColumn
  }

  /// Whether rows start with the consensus letter of their position and not with the base that they belong to.
  ///
  /// One matrix whose letters are not each base once, or which has four numbers in other than four rows, decides for
  /// its file. If there is none, bases it is unless only the rows sum to one.
  static func lettersAreConsensus(_ blocks: [MatrixBlock]) -> Bool {
    let lettered = blocks.filter {
      !$0.rows.isEmpty && $0.rows.allSatisfy(\.hasLetter)
    }
    guard !lettered.isEmpty, lettered.allSatisfy({ $0.rows.allSatisfy { $0.values.count == 4 } }) else {
      return false
    }
    if lettered.contains(where: { $0.rows.count != 4 || Set($0.rows.map(\.base)) != [0, 1, 2, 3] }) {
      return true
    }
    func sumToOne(_ sums: [Double]) -> Bool { sums.allSatisfy { abs($0 - 1) <= MatrixValues.tolerance } }
    return lettered.allSatisfy { block in
      sumToOne(block.rows.map { $0.values.reduce(0, +) })
        && !sumToOne((0..<4).map { column in block.rows.reduce(0) { $0 + $1.values[column] } })
    }
  }

  /// The numbers position by position, A C G T within each.
  ///
  /// - Parameter ignoringLetters: Rows are positions, whatever letter they start with.
  /// - Throws: `InputError` if rows differ in length, or are not four where bases are rows.
  func positionMajor(rowsArePositions: Bool, ignoringLetters: Bool = false, file: String?) throws -> [Double]
  {
    guard let first = rows.first else { return [] }
    if ignoringLetters || (rowsArePositions && !isLabelled) {
      var values: [Double] = []
      values.reserveCapacity(4 * rows.count)
      for row in rows {
        guard ignoringLetters || !row.hasLetter else {
          // The one that is not as the first.
          let other = rows.first { $0.hasLetter != first.hasLetter } ?? row
          throw InputError(
            file: file, line: other.line,
            other.hasLetter
              ? "a row with a base's letter among rows without"
              : "a row without a base's letter among rows with one")
        }
        guard row.values.count == 4 else {
          throw InputError(
            file: file, line: row.line,
            "\(row.values.count) numbers where one for each of A C G T is expected")
        }
        if let columns {
          values += (0..<4).map { base in row.values[columns.firstIndex(of: base) ?? base] }
        } else {
          values += row.values
        }
      }
      return values
    }
    if rows.count > 4 {
      throw InputError(file: file, line: rows[4].line, "a fifth row; a matrix has one for each of A C G T")
    }
    guard rows.count == 4 else {
      throw InputError(
        file: file, line: line, "\(rows.count) rows follow; a matrix has one for each of A C G T")
    }
    let width = first.values.count
    var values = [Double](repeating: 0, count: 4 * width)
    var seen = Set<Int>()
    for (index, row) in rows.enumerated() {
      guard row.values.count == width else {
        throw InputError(
          file: file, line: row.line, "\(row.values.count) numbers where the rows above have \(width)")
      }
      let base = row.base.map(Int.init) ?? index
      guard seen.insert(base).inserted else {
        throw InputError(file: file, line: row.line, "a second row for \(Nucleotide.letters[base])")
      }
      for position in 0..<width { values[4 * position + base] = row.values[position] }
    }
    return values
  }

  /// The file's line that position `index` stands on.
  func line(ofPosition index: Int) -> Int {
    isLabelled || index >= rows.count ? line : rows[index].line
  }
}
