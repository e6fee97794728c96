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

    public init(
        referencePath: String, currentPath: String, columns: [String]?, statistics: [String]?,
        multivariate: [String] = [], format: String, outputPath: String?, failsOnDrift: Bool, isQuiet: Bool
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
    }
}

/// `tidewatch compare`: two tables, column by column.
public enum CompareCommand {
    public static func run(_ options: CompareOptions) throws {
        if options.columns?.isEmpty == true { throw CommandStop.badInput("--columns names no column: --columns a,b") }
        let statistics = try statistics(options.statistics)
        let multivariate = try multivariate(options.multivariate)
        let progress = CommandProgress(isQuiet: options.isQuiet)
        let report: ComparisonReport
        do {
            let reference = try progress.reading(options.referencePath)
            let current = try progress.reading(options.currentPath)
            report = try progress.during("comparing") {
                try TableComparison.run(
                    reference: reference, current: current, columns: options.columns, statistics: statistics,
                    multivariate: multivariate, options: ComparisonOptions())
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
            case "html": ComparisonPage().render(report)
            default: ComparisonText(usesColour: options.outputPath == nil && CommandOutput.usesColour).render(report)
            }
        try CommandOutput.deliver(text, to: options.outputPath, isQuiet: options.isQuiet)
        if options.failsOnDrift, report.hasFailed { throw CommandStop.driftFound }
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
