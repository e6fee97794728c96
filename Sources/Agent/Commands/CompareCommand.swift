import Events
import Foundation
import Learning
import Statistics
import Storage

/// What `tidewatch compare` was asked.
public struct CompareOptions: Sendable {
    public var referencePath: String
    public var currentPath: String
    public var columns: [String]?
    public var statistics: [String]?
    /// Names of statistics of whole rows, or `all`.
    public var multivariate: [String]
    /// text, json or html.
    public var format: String
    public var outputPath: String?
    public var failsOnDrift: Bool
    public var isQuiet: Bool
    /// What is called drift.
    public var alpha: Double
    public var minimumEffect: Double
    /// bh or holm.
    public var correction: String

    public init(
        referencePath: String, currentPath: String, columns: [String]?, statistics: [String]?,
        multivariate: [String] = [], format: String, outputPath: String?, failsOnDrift: Bool, isQuiet: Bool,
        alpha: Double = 0.05, minimumEffect: Double = 0.02, correction: String = "bh"
    ) {
        self.referencePath = referencePath
        self.currentPath = currentPath
        self.columns = columns
        self.statistics = statistics
        self.multivariate = multivariate
        self.format = format
        self.outputPath = outputPath
        self.failsOnDrift = failsOnDrift
        self.isQuiet = isQuiet
        self.alpha = alpha
        self.minimumEffect = minimumEffect
        self.correction = correction
    }
}

/// `tidewatch compare`: two tables, column by column.
public enum CompareCommand {
    public static func run(_ options: CompareOptions) throws {
        let destination = try ReportDestination(
            options.outputPath, from: [options.referencePath, options.currentPath], isQuiet: options.isQuiet)
        if options.columns?.isEmpty == true { throw CommandStop.badInput("--columns names no column: --columns a,b") }
        let statistics = try statistics(options.statistics)
        let multivariate = try multivariate(options.multivariate)
        let comparison = try comparison(options)
        let progress = CommandProgress(isQuiet: options.isQuiet)
        let report: ComparisonReport
        do {
            let reference = try progress.reading(options.referencePath)
            let current = try progress.reading(options.currentPath)
            report = try progress.during("comparing") {
                try TableComparison.run(
                    reference: reference, current: current, columns: options.columns, statistics: statistics,
                    multivariate: multivariate, options: comparison)
            }
        } catch let error as ComparisonError {
            throw CommandStop.badInput(error.description)
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        } catch let error as LearningError {
            throw CommandStop.badInput(error.description)
        }
        let text =
            switch options.format {
            case "json": try report.json()
            case "html":
                ComparisonPage(
                    source: "Reference \(options.referencePath), current \(options.currentPath); made "
                        + EventTime.format(WallClock.microseconds() / 1_000_000 * 1_000_000)
                ).render(report)
            default: ComparisonText(usesColour: destination.usesColour).render(report)
            }
        try destination.deliver(text)
        if options.failsOnDrift, report.hasFailed { throw CommandStop.driftFound }
    }

    private static func comparison(_ options: CompareOptions) throws -> ComparisonOptions {
        if options.referencePath == "-", options.currentPath == "-" {
            throw CommandStop.badInput("--reference and --current cannot both be standard input")
        }
        guard options.alpha > 0, options.alpha < 1 else {
            throw CommandStop.badInput("--alpha lies between 0 and 1, and \(options.alpha) does not")
        }
        guard options.minimumEffect >= 0, options.minimumEffect.isFinite else {
            throw CommandStop.badInput("--minimum-effect is a psi_excess of at least 0, such as 0.02")
        }
        guard let correction = ComparisonOptions.Correction(rawValue: options.correction) else {
            throw CommandStop.badInput("--correction is bh or holm, and '\(options.correction)' is neither")
        }
        var comparison = ComparisonOptions()
        comparison.significance = options.alpha
        comparison.minimumEffect = options.minimumEffect
        comparison.criticalEffect = max(comparison.criticalEffect, options.minimumEffect)
        comparison.correction = correction
        return comparison
    }

    private static func multivariate(_ names: [String]) throws -> [MultivariateStatistic] {
        if names == ["all"] { return MultivariateStatistic.allCases }
        return try names.map { name in
            if let statistic = MultivariateStatistic(rawValue: name) { return statistic }
            let known = MultivariateStatistic.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandStop.badInput("--multivariate: there is no statistic '\(name)'; known are \(known), and all")
        }
    }

    private static func statistics(_ names: [String]?) throws -> [DriftStatistic]? {
        if names?.isEmpty == true {
            throw CommandStop.badInput("--statistics names no statistic: --statistics psi,ks")
        }
        return try names?.map { text in
            let name = text.trimmingCharacters(in: .whitespaces)
            if let statistic = DriftStatistic(rawValue: name) { return statistic }
            let known = DriftStatistic.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandStop.badInput("--statistics: there is no statistic '\(name)'; known are \(known)")
        }
    }
}
