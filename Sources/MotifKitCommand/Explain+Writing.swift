import ArgumentParser
import Foundation
import MotifKit
import Runtime

extension Explain {
  /// One method's explanations of one output.
  struct Explained {
    let stream: ExplanationStream
    /// The output's name, where several are explained.
    let target: String?
    /// As messages and pictures call it.
    let name: String
    /// Of its arrays' names.
    let suffix: String
    let significance: PositionSignificance?
  }

  func writeTrack(_ stream: ExplanationStream, _ sequences: SequenceSet) throws {
    var track = try GenomeTrack(genome)
    let progress = ProgressBar("Explaining", total: sequences.count, unit: "sequences", common)
    try stream.forEachPart(progress: { progress.update($0) }) { part, values in
      let length = values.count / part.count
      for (place, index) in part.enumerated() {
        try track.add(
          values[place * length..<(place + 1) * length], name: sequences.name(index), file: file)
      }
    }
    progress.finish()
    try track.write(to: out)
    if let saveReferences, let reference = stream.method.reference {
      try write(reference, of: sequences, to: saveReferences)
    }
  }

  func write(
    _ explained: [Explained], _ maps: [DependencyArrays], _ sequences: SequenceSet, length: Int
  ) throws {
    let progress = ProgressBar(
      "Explaining", total: (explained.count + maps.count) * sequences.count, unit: "sequences", common)
    defer { progress.finish() }
    var arrays: [NamedArray<StreamedArray>] = []
    for (index, one) in explained.enumerated() {
      arrays += one.stream.arrays(suffix: one.suffix) { progress.update(index * sequences.count + $0) }
      for (name, values) in one.significance.map({
        [("p_values", $0.pValues), ("q_values", $0.qValues)]
      }) ?? [] {
        arrays.append(
          NamedArray(
            name + one.suffix,
            StreamedArray(.float32, shape: [sequences.count, length]) { body in
              try values.map { Float($0) }.withUnsafeBytes(body)
            }))
      }
    }
    for (index, map) in maps.enumerated() {
      let name = "dependencies" + (maps.count > 1 ? "_" + map.target.label : "")
      arrays.append(
        NamedArray(name, map.array { progress.update((explained.count + index) * sequences.count + $0) }))
    }
    if let modisco {
      try requireWritable(modisco)
      arrays[0].name = "arr_0"
      try NPZFile.write([.init("arr_0", StreamedArray(oneHot: sequences, length: length))], to: modisco)
    }
    try NPZFile.write(
      [.init("sequences", StreamedArray(oneHot: sequences, length: length))] + arrays, to: out)
    if let saveReferences, let reference = explained.lazy.compactMap(\.stream.method.reference).first {
      try write(reference, of: sequences, to: saveReferences)
    }
  }

  private func write(_ reference: AttributionReference, of sequences: SequenceSet, to path: String) throws {
    let references = try ReferenceSource(reference, of: sequences, seed: common.seed)
    guard references.areSequences else {
      throw ValidationError("--save-references: base frequencies are no sequences")
    }
    let drawer = ReferenceSource.Drawer()
    let letters: [UInt8] = Array("ACGTN".utf8)
    try AtomicFile.write(path: path) { file in
      for index in 0..<sequences.count {
        for copy in 0..<references.count {
          try file.write(">\(sequences.name(index)) reference \(copy + 1)\n")
          try file.write(references.codes(index, copy: copy, by: drawer).map { letters[Int($0)] } + [10])
        }
      }
    }
  }

  func report(_ explained: [Explained], _ sequences: SequenceSet, hasSites: Bool) throws {
    for one in explained {
      let stream = one.stream
      if stream.withoutContrast > 0 {
        common.note(
          "\(one.name): \(stream.withoutContrast) of \(sequences.count) sequences are their own references, as"
            + " shuffles of one repeated base are; their values are 0 and say nothing")
      }
      if stream.incomplete > 0 {
        common.note(
          "\(one.name): in \(stream.incomplete) of \(sequences.count) sequences the values miss the difference of"
            + " the outputs by more than 1 % (residuals)")
      }
    }
    let digest = Digest(
      sequences: sequences.count,
      methods: explained.map {
        Agreement(
          method: $0.stream.method.name, output: $0.target, agreement: $0.stream.agreement,
          relativeError: $0.stream.relativeError)
      })
    if output.isJSON { return try StandardOutput.write(json: digest) }
    try StandardOutput.write("\(Words.counted(sequences.count, "sequence")) explained\n")
    for case let (name, error?) in explained.map({ ($0.name, $0.stream.relativeError) }) {
      try StandardOutput.write(
        String(
          format: "%@: standard error over references %.1f %% of the mean value\n", name,
          100 * error))
    }
    guard hasSites else { return }
    try StandardOutput.write("method                 share in site  (chance)   AUROC\n")
    for one in explained {
      guard let agreement = one.stream.agreement else { continue }
      try StandardOutput.write(
        String(
          format: "%@  %8.4f      %8.4f  %8.4f\n",
          one.name.padding(toLength: 22, withPad: " ", startingAt: 0),
          agreement.share, agreement.expectedShare, agreement.auroc))
    }
  }
}
