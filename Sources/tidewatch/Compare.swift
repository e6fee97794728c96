import Agent
import ArgumentParser

/// `compare` can also write a page.
enum ReportFormatArgument: String, ExpressibleByArgument, CaseIterable {
    case text, json, html
}

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compares two tables column by column: what drifted, by how much, and on what evidence.",
        discussion: """
            Example: tidewatch compare --reference train.csv --current today.csv.gz --format html --output drift.html
            """)

    @Option(help: "The reference table: CSV or JSON lines, gzip allowed; - is standard input.")
    var reference: String

    @Option(help: "The table to compare with it.")
    var current: String

    @Option(help: "Columns to compare (comma-separated); default: all.")
    var columns: String?

    @Option(help: "Statistics to compute (comma-separated), for example psi,ks,wasserstein; default: a choice by kind.")
    var statistics: String?

    @Option(
        defaultAsFlag: "all",
        help:
            "Compare whole rows too: domain_classifier, pca_reconstruction, mmd (comma-separated); alone, all of them.")
    var multivariate: String?

    @Option(help: "Evidence is a p-value below this, after the correction for the number of columns.")
    var alpha = 0.05

    @Option(help: "The smallest psi_excess that matters; drift wants evidence and effect.")
    var minimumEffect = 0.02

    @Option(help: "bh (Benjamini–Hochberg: few false names among those named) or holm (hardly a false name at all).")
    var correction = "bh"

    @Option(help: "text, json or html.")
    var format: ReportFormatArgument = .text

    @Option(help: "Write to this file instead of standard output.")
    var output: String?

    @Flag(help: "Exit with 3 when drift was found, the columns changed, or no column could be judged.")
    var failOnDrift = false

    @Flag(help: "Say nothing but the result.")
    var quiet = false

    func run() throws {
        try CompareCommand.run(
            CompareOptions(
                referencePath: reference, currentPath: current,
                columns: columns?.split(separator: ",").map(String.init),
                statistics: statistics?.split(separator: ",").map(String.init),
                multivariate: multivariate?.split(separator: ",").map(String.init) ?? [], format: format.rawValue,
                outputPath: output, failsOnDrift: failOnDrift, isQuiet: quiet,
                alpha: alpha, minimumEffect: minimumEffect, correction: correction))
    }
}
