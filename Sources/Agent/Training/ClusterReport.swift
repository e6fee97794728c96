import Foundation
import Learning
import Registry
import Statistics

/// What the training of clusters came to.
struct ClusterReport {
    struct Cluster {
        var rows: Int
        var share: Double
        /// In the units of the columns; of a category the share of rows that have it.
        var centre: [(name: String, value: Double)]
        /// By how many standard deviations the centre is away from the mean of all rows, farthest first.
        var apart: [(feature: String, deviations: Double)]

        /// The three columns that tell most: `alcohol +1.2, density −1.1, type=red +0.9`.
        var summary: String {
            apart.prefix(3).map { feature, deviations in
                let size = String(format: "%.1f", deviations.magnitude)
                return "\(feature) \(deviations < 0 ? "−" : "+")\(size)"
            }.joined(separator: ", ")
        }
    }

    var name: String?
    var purpose: String?
    var features: [String]
    var leftOut: [(column: String, reason: String)]
    var preparation: [String]
    /// Each number that was tried, with its silhouette.
    var choices: [KMeansChoice]
    /// Whether the silhouette chose the number, and on a sample of the rows.
    var isChosen: Bool
    var isSampled: Bool
    var kMeans: KMeansModel
    var clusters: [Cluster]
    var rows = 0
    /// Wall time; not in the files, which are the same for the same seed.
    var seconds = 0.0
    /// In the registry.
    var version: String?

    /// Below it clusters run into each other (Kaufman and Rousseeuw 1990: no substantial structure).
    private static let weakSilhouette = 0.25

    /// How the number of clusters came about.
    var choiceNote: String {
        guard isChosen, let first = choices.first, let last = choices.last else {
            return "\(clusters.count) clusters were asked for."
        }
        let sample = isSampled ? ", on \(ClusterLearner.choiceRows) of the rows" : ""
        return
            "\(clusters.count) clusters have the greatest silhouette of \(first.clusters) to \(last.clusters)\(sample)."
    }

    var warnings: [String] {
        var found: [String] = []
        if let silhouette = kMeans.silhouette, silhouette < Self.weakSilhouette {
            found.append(
                "the silhouette is \(ComparisonFormat.number(silhouette)): the clusters run into each other, and another "
                    + "seed or sample may cut them elsewhere.")
        }
        if isChosen, let last = choices.last, last.clusters == clusters.count, choices.count > 1 {
            found.append("the number chosen is the greatest that was tried: raise --max-clusters.")
        }
        let small = clusters.indices.filter { clusters[$0].share < 0.01 }.map { "\($0)" }
        if !small.isEmpty {
            found.append("less than 1 % of the rows are in cluster \(small.joined(separator: ", ")): outliers?")
        }
        if !kMeans.isConverged {
            found.append("the centres still moved after \(kMeans.iterations) iterations.")
        }
        return found
    }
}

extension ClusterReport: TrainDocument {
    var lineage: Lineage {
        Lineage(
            trigger: "train", rows: rows,
            parameters: [
                "learner": "k_means", "clusters": "\(clusters.count)", "restarts": "\(kMeans.parameters.restarts)",
                "seed": "\(kMeans.parameters.seed)",
            ], metrics: kMeans.silhouette.map { ["silhouette": $0] } ?? [:], note: purpose ?? "")
    }

    func files() -> [(name: String, bytes: [UInt8])] { [] }

    func text() -> String {
        typealias Format = ComparisonFormat
        var lines = ["clustering: \(choiceNote)"]
        lines += ["", "silhouette \(Format.number(kMeans.silhouette)), \(rows) rows, \(features.count) columns", ""]
        var table = TextTable(header: ["cluster", "rows", "share", "apart from all rows by (standard deviations)"])
        for (index, cluster) in clusters.enumerated() {
            table.add([
                "\(index)", "\(cluster.rows)", Format.share(cluster.share), Format.printable(cluster.summary),
            ])
        }
        lines += table.lines
        if choices.count > 1 {
            let tried = choices.map { "\($0.clusters): \(Format.number($0.silhouette))" }
            lines += ["", "silhouette by number of clusters: " + tried.joined(separator: ", ")]
        }
        lines += TrainReport.leftOut(leftOut)
        for warning in warnings { lines.append("warning: \(warning)") }
        if let version, let name {
            lines += ["", "registered \(name) v\(version); use it with: tidewatch predict --model \(name)@\(version)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
