import Motifs
import NeuralNetworks
import Runtime
import Study

extension Study {
  private struct ProvenanceContext: Sendable {
    let command, seed, training: String
    let version = Release.version
    let inputs: [RunRecord.Input]
    let sources: [String]
  }

  func provenanceSection(recipe: String) -> PageSection {
    PageSection(
      .provenance, title: "How this page was made", shortTitle: "Provenance",
      template: """
        <p>The following command makes this page again, every number and every picture of it, on any number of
        threads:</p>
        <pre>{{command}}</pre>
        <dl class="pairs">
        <dt>Program</dt><dd>motifkit {{version}}</dd>
        <dt>Seed</dt><dd>{{seed}}</dd>
        <dt>Training</dt><dd>{{training}}</dd>
        {{#inputs}}
        <dt>Input</dt><dd>{{path}}{{#sha256}}<br><code>SHA-256 {{sha256}}</code>{{/sha256}}</dd>
        {{/inputs}}
        <dt>Files</dt><dd>Beside this page: <code>data/</code>, <code>models/</code> (safetensors), <code>motifs/</code>
        (MEME), <code>tables/</code> (TSV), <code>figures/</code> (SVG, PNG, PDF), and <code>run.json</code> with the
        time that each step took.</dd>
        </dl>
        <h3>Sources</h3>
        <ul class="prose">
        {{#sources}}
        <li>{{.}}</li>
        {{/sources}}
        </ul>
        """,
      context: ProvenanceContext(
        command: recipe, seed: "\(options.seed)", training: options.training.words(loss), inputs: inputs,
        sources: sources))
  }

  private var loss: String { Words.list(data.train.objective.heads.map(\.loss.name)) }

  private var sources: [String] {
    let methods = [
      "Filters as motif detectors: DeepBind (Alipanahi et al. 2015, Nature Biotechnology 33, 831–838).",
      "Motifs from the windows that activate a filter: Basset (Kelley, Snoek & Rinn 2016, Genome Research 26, 990–999).",
      "Grad-CAM: Selvaraju et al. 2017 (ICCV). Saliency: Simonyan, Vedaldi & Zisserman 2014 (ICLR workshop).",
    ]
    let comparison =
      filters.analysis.targets.isEmpty
      ? nil : "Motif comparison: Tomtom (Gupta et al. 2007, Genome Biology 8, R24)."
    return [motifSource].compactMap { $0 } + methods.prefix(2) + [comparison].compactMap { $0 }
      + methods.suffix(1)
  }

  /// Where the motif that the study is about comes from, if that is known.
  private var motifSource: String? {
    filters.known.flatMap { known in
      guard known.motif.identifier == "FOXO1_HUMAN.H11MO.0.A" else { return nil }
      return """
        The motif FOXO1_HUMAN.H11MO.0.A: HOCOMOCO v11 (Kulakovskiy et al. 2018, Nucleic Acids Research 46, D252–D259).
        """
    }
  }
}
