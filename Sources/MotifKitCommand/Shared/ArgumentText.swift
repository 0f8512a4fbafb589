/// `--score -5` as `--score=-5`: the parser takes what begins with a minus for an option.
func joiningNegativeNumbers(_ arguments: some Sequence<String>) -> [String] {
  arguments.reduce(into: []) { joined, word in
    let isNegative = word.hasPrefix("-") && Double(word) != nil
    if isNegative, let option = joined.last, option.hasPrefix("--"), option.count > 2, !option.contains("=") {
      joined[joined.count - 1] = "\(option)=\(word)"
    } else {
      joined.append(word)
    }
  }
}
