import Runtime
import Study

/// The parts of a study's page, in order.
package enum StudySection: String, CaseIterable, Sendable {
  case data, networks, position, audit, enrichment, filters, match, pruning, attribution, provenance
}

extension Study {
  /// Those that this study has.
  package var contents: [StudySection] {
    StudySection.allCases.filter { section in
      switch section {
      // Planted data have ceilings; a user's are audited.
      case .position: data.planted != nil
      case .audit: data.planted == nil
      case .enrichment: enrichment != nil
      case .match: !filters.analysis.targets.isEmpty
      case .data, .networks, .filters, .pruning, .attribution, .provenance: true
      }
    }
  }

  /// A link with the section's number, HTML; `nil` where the page has no such section.
  package func link(to section: StudySection) -> String? {
    contents.firstIndex(of: section).map { "<a href=\"#\(section.rawValue)\">section \($0 + 1)</a>" }
  }

  /// The page.
  package func page(_ pictures: StudyPictures, recipe: String) -> Page {
    Page(
      title: title, lead: lead, facts: facts,
      sections: contents.map { section in
        switch section {
        case .data: dataSection(pictures)
        case .networks: networksSection(pictures)
        case .position: positionSection(pictures)
        case .audit: auditSection(pictures)
        case .enrichment: enrichmentSection(pictures)
        case .filters: filtersSection(pictures)
        case .match: matchSection(pictures)
        case .pruning: pruningSection(pictures)
        case .attribution: attributionSection(pictures)
        case .provenance: provenanceSection(recipe: recipe)
        }
      },
      seed: options.seed)
  }
}

extension PageSection {
  init(
    _ section: StudySection, title: String, shortTitle: String, template: String, context: any Sendable
  ) {
    self.init(
      id: section.rawValue, title: title, shortTitle: shortTitle, template: template, context: context)
  }
}
