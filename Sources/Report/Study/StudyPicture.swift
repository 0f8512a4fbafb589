import Figures
import Runtime
import Study

/// The pictures of a study, each a file and most of them on its page.
package enum StudyPicture: Hashable, Sendable {
  case plantedMotif, positives, accuracy, learningCurves, position, sites
  case filters, filterWeights, redundancyWeights, redundancyActivations, pruning
  case attributionLogos, attributionProfile
  case map(AttributionResult.Method)
  case network(String)
  /// A filter over the motif that the study is about, and over its best match in the database.
  case knownMatch(filter: String)
  case databaseMatch(filter: String)

  package var fileName: String {
    switch self {
    case .plantedMotif: "planted-motif"
    case .positives: "positives"
    case .accuracy: "accuracy"
    case .learningCurves: "learning-curves"
    case .position: "position"
    case .sites: "sites"
    case .filters: "filters"
    case .filterWeights: "filter-weights"
    case .redundancyWeights: "redundancy-weights"
    case .redundancyActivations: "redundancy-activations"
    case .pruning: "pruning"
    case .attributionLogos: "attribution-logos"
    case .attributionProfile: "attribution-profile"
    case .map(let method): method.rawValue
    case .network(let name): "network-\(name)"
    case .knownMatch(let filter): "match-\(filter)"
    case .databaseMatch(let filter): "database-\(filter)"
    }
  }
}

/// A picture before it is drawn.
package struct StudyDrawing: Sendable {
  package let picture: StudyPicture
  let drawing: any Drawing
  /// What it shows, for those who cannot see it.
  let alt: String

  init(_ picture: StudyPicture, _ drawing: any Drawing, alt: String) {
    (self.picture, self.drawing, self.alt) = (picture, drawing, alt)
  }
}

/// What sections take pictures from.
package struct StudyPictures: Sendable {
  private var drawn: [StudyPicture: PageFigure.Picture] = [:]

  /// Draws all pictures and writes their files.
  ///
  /// - Throws: `InputError` naming the file that cannot be written.
  package init(
    _ drawings: [StudyDrawing], to files: FigureFiles, progress: @Sendable (_ done: Int) -> Void = { _ in }
  ) throws {
    let results = Parallel.map(drawings.count) { index in
      let drawing = drawings[index]
      let result = Result {
        try files.page(drawing.drawing, drawing.picture.fileName, alt: drawing.alt)
      }
      progress(index + 1)
      return result
    }
    for (drawing, result) in zip(drawings, results) { drawn[drawing.picture] = try result.get() }
  }

  /// A picture for `{{> figure}}`; `nil` where it was not drawn.
  ///
  /// - Parameter caption: HTML.
  func callAsFunction(_ picture: StudyPicture, _ caption: String) -> PageFigure? {
    drawn[picture].map { PageFigure($0, caption: caption) }
  }
}
