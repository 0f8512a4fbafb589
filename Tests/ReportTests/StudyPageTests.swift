import Evaluation
import Figures
import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Report
import Runtime
import Sequences
import Statistics
import Study
import Testing

/// What the page of a study says, section by section.
@Suite struct StudyPageTests {
  private static let studies = [StudyFixture.planted, StudyFixture.user, StudyFixture.noise]

  private func body(_ section: StudySection, of study: Study) throws -> String {
    let page = study.page(try study.pictures(), recipe: "motifkit run --seed 2")
    return try #require(page.sections.first { $0.id == section.rawValue }).body()
  }

  @Test(arguments: studies.indices) func nothingIsAnnouncedAndLeftEmpty(_ index: Int) throws {
    let study = Self.studies[index]
    for section in study.page(try study.pictures(), recipe: "motifkit run").sections {
      for empty in ["<h3></h3>", "<p></p>"] {
        #expect(try !section.body().contains(empty), "\(section.id)")
      }
    }
    #expect(try body(.data, of: study).contains("What they are made of") == (study.compositionFinding != nil))
  }

  /// The names that a template takes from its context, those within its blocks included.
  private func names(_ template: String) -> Set<String> {
    let expression = try! NSRegularExpression(pattern: #"\{\{[{#^]?([A-Za-z]+)\}"#)
    let whole = template as NSString
    return Set(
      expression.matches(in: template, range: NSRange(location: 0, length: whole.length)).map {
        whole.substring(with: $0.range(at: 1))
      })
  }

  /// The properties of a value and of all that it holds.
  private func properties(_ value: Any, depth: Int = 0) -> Set<String> {
    guard depth < 5 else { return [] }
    return Mirror(reflecting: value).children.reduce(into: []) { found, child in
      if let label = child.label { found.insert(label) }
      found.formUnion(properties(child.value, depth: depth + 1))
    }
  }

  @Test("a template names nothing that its context lacks") func templates() throws {
    // What one study has not, such as an agreement, has no properties there.
    var known: [String: Set<String>] = [:]
    let pages = try Self.studies.map { try $0.page($0.pictures(), recipe: "") }
    for section in pages.flatMap(\.sections) {
      known[section.id, default: []].formUnion(properties(section.context))
    }
    for page in pages {
      for section in page.sections {
        // No fixture has input files.
        let missing = names(section.template).subtracting(known[section.id]!).subtracting(["sha256", "path"])
        #expect(missing.isEmpty, "\(section.id): \(missing)")
        let html = try section.body()
        #expect(!html.contains("{{") && !html.contains("nil") && !html.contains("Optional("), "\(section.id)")
      }
    }
  }

  @Test("sections are numbered by their place, and links follow") func contents() throws {
    #expect(
      StudyFixture.planted.contents.map(\.rawValue) == [
        "data", "networks", "position", "filters", "match", "pruning", "attribution", "provenance",
      ])
    #expect(StudyFixture.planted.link(to: .match) == "<a href=\"#match\">section 5</a>")
    #expect(
      StudyFixture.noise.contents.map(\.rawValue) == [
        "data", "networks", "audit", "filters", "pruning", "attribution", "provenance",
      ])
    #expect(
      StudyFixture.noise.link(to: .match) == nil
        && StudyFixture.noise.link(to: .pruning)!.contains("section 5"))
    #expect(try body(.filters, of: StudyFixture.planted).contains("(<a href=\"#match\">section 5</a>)."))
  }

  @Test("without a planted motif nobody speaks of one") func noPlantedMotif() throws {
    for study in [StudyFixture.user, StudyFixture.noise] {
      let html = try study.page(study.pictures(), recipe: "").html()
      for word in ["FOXO1", "HOCOMOCO", "planted", "turned round", "scattered", "ceiling"] {
        #expect(!html.contains(word), "\(word)")
      }
    }
  }

  @Test("the first words are that nothing was learned") func noise() throws {
    let study = StudyFixture.noise
    #expect(!study.filters.network.hasLearned)
    let said = try #require(study.learnedNothing)
    #expect(said.hasPrefix("Nothing was learned: the AUROC of \(study.filters.network.name) on"))
    #expect(study.lead.contains(said) && study.digest(page: "p").text.contains(said))
    #expect(!study.facts.contains { $0.text.contains("filters are enough") })
    #expect(StudyFixture.user.learnedNothing == nil && StudyFixture.planted.learnedNothing == nil)
  }

  @Test("networks beside the one that is read that do no better than chance, and what may help") func chance()
    throws
  {
    let study = StudyFixture.uneven
    #expect(study.filters.network.name == "two" && study.filters.network.hasLearned)
    let blind = Words.share(try #require(study.networks[0].metrics.auroc).value)
    let said = try #require(study.othersAtChance)
    #expect(
      said
        == "blind does no better than chance (AUROC \(blind)). Where one class is so much rarer, --balance batches or"
        + " --class-weight balanced may help.")
    #expect(study.digest(page: "p").text.contains(said + "\n"))
    #expect(try body(.networks, of: study).contains(said))
    #expect(StudyFixture.noise.othersAtChance == nil && StudyFixture.planted.othersAtChance == nil)
  }

  @Test("one class three times as frequent: the balanced accuracy, and what the majority gives")
  func imbalance() throws {
    let study = StudyFixture.user
    #expect(study.data.isImbalanced && abs(study.data.majority - 0.75) < 0.02)
    let network = study.filters.network
    #expect(study.facts[0].number == Words.share(try #require(network.metrics.auroc).value))
    #expect(study.facts[1].number == Words.share(network.balancedAccuracy))
    #expect(
      study.facts[1].text.contains(
        "always names the more frequent class has \(Words.share(study.data.majority))"))
    #expect(try body(.networks, of: study).contains("Balanced accuracy"))
    #expect(study.digest(page: "p").text.contains("always naming the more frequent class: accuracy 0.7"))
    #expect(try !body(.networks, of: StudyFixture.planted).contains("Balanced accuracy"))
  }

  @Test("what the page says of positions is what the audit says") func audit() throws {
    let study = StudyFixture.user
    let html = try body(.audit, of: study)
    let audit = try #require(study.filters.network.audit)
    #expect(html.contains(audit.passed ? "nothing wrong found" : audit.failure))
    for check in audit.checks { #expect(html.contains(check.text.htmlEscaped), "\(check.name)") }
    let failed = study.networks.contains { network in
      network.audit!.checks.contains { $0.name == "position.move" && $0.verdict == .failed }
    }
    #expect(html.contains("is where things stand") == failed)
    #expect(html.contains("All checks of \(study.filters.network.name)"))
  }

  @Test("training is told as it was done") func training() throws {
    #expect(
      try body(.provenance, of: StudyFixture.planted).contains(
        "Adam (learning rate 0.01), binary cross-entropy, batches of 16, 3 epochs</dd>"))
    #expect(
      try body(.provenance, of: StudyFixture.user).contains(
        "12 epochs at most, until 10 bring no lower validation loss"))
    #expect(try body(.networks, of: StudyFixture.planted).contains("trained for 3 passes"))
    #expect(
      try body(.networks, of: StudyFixture.user).contains(
        "the weights of the best pass were kept"))
    var options = TrainingOptions()
    options.optimizer = .sgd(momentum: 0.9)
    options.schedule = .cosine()
    options.classWeight = .balanced
    options.augmentation.shift = 3
    #expect(
      options.words("binary cross-entropy") == """
        SGD with momentum 0.9 (learning rate 0.001, falling along a cosine), binary cross-entropy, batches of 256, \
        10 epochs, classes weighted by their frequency, shifts of up to 3 bases at random
        """)
  }

  @Test("HOCOMOCO is cited for its own motif") func sources() throws {
    #expect(try body(.provenance, of: StudyFixture.planted).contains("FOXO1_HUMAN.H11MO.0.A: HOCOMOCO"))
    #expect(try !body(.provenance, of: StudyFixture.noise).contains("Tomtom"))
    #expect(try body(.provenance, of: StudyFixture.user).contains("Tomtom"))
  }

  @Test func data() throws {
    let html = try body(.data, of: StudyFixture.planted)
    #expect(
      html.contains("Simulated: 800 random sequences of 30 bases")
        && html.contains("The set <i>scattered</i>"))
    #expect(html.contains("<td class=\"n\" data-value=\"400\">400</td>"))
    #expect(try body(.data, of: StudyFixture.user).contains("tell when training has to stop"))
  }

  @Test("the filters' table has a row, a logo and a name where it counts for each") func filters() throws {
    let study = StudyFixture.user
    let html = try body(.filters, of: study)
    for motif in study.filters.motifs { #expect(html.contains("<td>\(motif.name)</td>"), "\(motif.name)") }
    // A few rows are all in sight.
    #expect(study.filters.motifs.count == 8 && !html.contains("Show all"))
    let reading = study.filters.reading
    let named = reading.motifs.filter { reading.names[$0.filter] != nil }
    #expect(
      html.components(separatedBy: "<td>FOX&amp;O</td>").count - 1
        + html.components(separatedBy: "<td>M").count - 1 == named.count)
    #expect(try !body(.filters, of: StudyFixture.noise).contains("<i>p</i>"))
  }

  @Test func match() throws {
    let study = StudyFixture.planted
    let html = try body(.match, of: study)
    let best = try #require(study.filters.ranking.first)
    #expect(html.contains(study.filters.motifs[best].name) && html.contains("That match FOXO1"))
    #expect(try body(.match, of: StudyFixture.user).contains("Against all 4 motifs of known.meme"))
  }

  @Test func pruning() throws {
    let study = StudyFixture.planted
    let html = try body(.pruning, of: study)
    #expect(html.contains("reaches an accuracy of \(Words.share(study.pruning.half.accuracy.value))"))
    #expect(html.contains("fine-tuned for three more epochs") && html.contains("<td>lossless</td>"))
    // A rarer class makes filters look needless: whoever always says the other is accurate.
    let uneven = StudyFixture.uneven
    let half = try #require(uneven.pruning.half.auroc)
    #expect(uneven.pruning.measure == .auroc && study.pruning.measure == .accuracy)
    let said = try body(.pruning, of: uneven)
    #expect(
      said.contains("reaches an AUROC of \(Words.share(half.value))")
        && said.contains("AUROC on the test sequences"))
    #expect(
      uneven.digest(page: "p").text.contains(
        "two with 4 filters: AUROC \(String(format: "%.4f", half.value)), before"))
  }

  @Test func attribution() throws {
    let study = StudyFixture.planted
    let html = try body(.attribution, of: study)
    for study in [study, StudyFixture.uneven, StudyFixture.noise] {
      let missed = study.shownSequences.count { study.attribution.logits[$0] <= 0 }
      let words = [
        "of \(study.attribution.sequences.count).", ", which the network misses.", "the last two.",
        "them all.",
      ]
      #expect(try body(.attribution, of: study).contains(words[missed]), "\(missed)")
    }
    let agreement = try #require(
      study.attribution.entry(.saliency, network: study.filters.network.name).agreement)
    #expect(html.contains("On average \(Words.percent(agreement.share)) of the saliency"))
    #expect(html.contains("Against the planted truth"))
    #expect(try !body(.attribution, of: StudyFixture.user).contains("truth"))
  }

  @Test("attribution logos share an axis") func logos() {
    var logos = [
      SequenceLogo(attributions: [[1, 0, 0, 0], [0, -2, 0, 0]]), SequenceLogo(attributions: [[0, 0, 5, 0]]),
    ]
    logos.shareRange()
    // With room above the tallest letter.
    #expect(logos[0].range == logos[1].range)
    #expect(logos[0].range.map { $0.lowerBound <= -2 && $0.upperBound > 5 && $0.upperBound < 5.5 } == true)
  }

  @Test("a digest names a motif only where its match counts") func digest() throws {
    for study in Self.studies {
      let digest = study.digest(page: "folder/index.html")
      #expect(digest.text.hasSuffix("folder/index.html\n"))
      #expect((digest.match != nil) == digest.text.contains("is most like"))
      #expect((digest.match == nil) == study.filters.named.isEmpty)
      #expect(digest.audit == study.auditVerdict && (digest.audit.map(digest.text.contains) ?? true))
    }
    let text = StudyFixture.planted.digest(page: "p").text
    #expect(text.hasPrefix("network  parameters  accuracy  95 % interval     ceiling   AUROC\none"))
    #expect(!text.contains("balanced"))
  }

  @Test("every picture has its own file name") func pictures() {
    for study in Self.studies {
      let names = study.drawings.map(\.picture.fileName)
      #expect(Set(names).count == names.count && names.contains("filters") && names.contains("saliency"))
    }
    #expect(StudyFixture.planted.drawings.contains { $0.picture == .plantedMotif })
    #expect(!StudyFixture.user.drawings.contains { $0.picture == .plantedMotif })
    #expect(StudyPicture.databaseMatch(filter: "filter3").fileName == "database-filter3")
  }
}
