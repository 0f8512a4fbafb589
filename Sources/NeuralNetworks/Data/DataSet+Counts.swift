import Runtime

extension Objective {
  /// The same without what needs no column: heads that are sums of others; `nil` where there are none.
  var withoutSums: Objective? {
    guard heads.contains(where: { $0.sumOf != nil }) else { return nil }
    var (read, titles): ([Head], [String]) = ([], [])
    for (head, range) in zip(heads, ranges) where head.sumOf == nil {
      read.append(head)
      titles += columns.isEmpty ? [] : Array(columns[range])
    }
    return Objective(heads: read, columns: titles)
  }
}

extension DataSet {
  /// Each profile with its sum as a target of its own, as networks with a profile and a count have them: the shape by its multinomial
  /// loss, the sum by the squared error of its logarithm (Avsec et al. 2021).
  ///
  /// The sum's error counts as much as a tenth of the median sum, as chrombpnet weighs it (Pampari et al. 2024).
  ///
  /// - Parameter objective: of the set that is trained on; `nil` for that set itself.
  /// - Throws: `InputError` for targets of another kind.
  public func withCounts(_ objective: Objective? = nil) throws -> DataSet {
    guard self.objective.loss == .multinomial, targets.outputs > 1 else {
      throw InputError("a profile with counts is learned from --signal-profile and --loss multinomial")
    }
    if let objective { return try addingSums(objective) }
    let sums = (0..<count).map { targets[$0].reduce(0, +) }
    let median = sums.sorted()[sums.count / 2]
    let names = self.objective.outputs
    // `ATAC.1`, `ATAC.2`, … are the bases of ATAC.
    let total = (names[0].split(separator: ".").first.map(String.init) ?? "profile") + ".sum"
    let counts = Head(
      "counts", loss: .meanSquaredLogError, outputs: [total], weight: max(1, Double(median) / 10),
      sumOf: "profile")
    return try addingSums(
      Objective(
        heads: [Head("profile", loss: .multinomial, outputs: names), counts], columns: names + [total]))
  }

  /// Targets of `objective`'s outputs from these, which are those of its heads that are no sums, in their order.
  func addingSums(_ objective: Objective) throws -> DataSet {
    let read = objective.heads.filter { $0.sumOf == nil }
    guard read.map(\.outputs.count) == self.objective.heads.map(\.outputs.count) else {
      throw InputError("two sets of sequences have other targets")
    }
    let ranges = Dictionary(
      zip(read.map(\.name), self.objective.ranges), uniquingKeysWith: { first, _ in first })
    var values: [Float] = []
    values.reserveCapacity(count * objective.outputs.count)
    for index in 0..<count {
      let row = targets[index]
      func part(_ head: String) -> ArraySlice<Float> {
        ranges[head].map { row[row.startIndex + $0.lowerBound..<row.startIndex + $0.upperBound] } ?? []
      }
      for head in objective.heads {
        guard let summed = head.sumOf else {
          values += part(head.name)
          continue
        }
        let (profile, tracks) = (part(summed), head.outputs.count)
        for track in 0..<tracks {
          values.append(
            stride(from: profile.startIndex + track, to: profile.endIndex, by: tracks)
              .reduce(0) { $0 + profile[$1] })
        }
      }
    }
    return try DataSet(
      sequences, targets: Targets(outputs: objective.outputs.count, values: values), objective: objective)
  }
}
