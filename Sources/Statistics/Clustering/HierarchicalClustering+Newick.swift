extension HierarchicalClustering {
  /// The tree in Newick's format: `((a:0.1,b:0.1):0.2,c:0.3);`.
  ///
  /// The way from one leaf to another is as long as the height of the merge that joins them. Names with characters
  /// that mean something in the format are quoted.
  ///
  /// - Parameter names: one for each leaf.
  public func newick(_ names: [String]) -> String {
    precondition(names.count == leafCount, "a name for each leaf")
    var nodes = names.map(Self.quoted)
    var heights = [Double](repeating: 0, count: leafCount)
    for merge in merges {
      let branches = [merge.left, merge.right].map { "\(nodes[$0]):\((merge.height - heights[$0]) / 2)" }
      // Each node is used once: its text need not be kept.
      nodes[merge.left] = ""
      nodes[merge.right] = ""
      nodes.append("(\(branches.joined(separator: ",")))")
      heights.append(merge.height)
    }
    return (nodes.last ?? "") + ";"
  }

  private static func quoted(_ name: String) -> String {
    let plain = !name.isEmpty && !name.contains { $0.isWhitespace || "()[]{}:;,'\"=/".contains($0) }
    return plain ? name : "'" + name.replacing("'", with: "''") + "'"
  }
}
