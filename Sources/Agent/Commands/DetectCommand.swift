import Learning
import Storage

/// `tidewatch detect`: where a column, or a model's error, changed, by the online detectors.
public enum DetectCommand {
    /// - Throws: `CommandStop` with exit code 2 for a file, column or combination that cannot be watched; with 3 after a
    ///   drift, where that was asked for.
    public static func run(_ options: DetectOptions) throws {
        let destination = try ReportDestination(options.outputPath, from: [options.path], isQuiet: options.isQuiet)
        let report = try report(options)
        try destination.deliver(try render(report, format: options.format))
        if options.failsOnDrift, !report.driftedDetectors.isEmpty { throw CommandStop.driftFound }
    }

    static func report(_ options: DetectOptions) throws -> DetectReport {
        do {
            _ = try options.kinds()
            let progress = CommandProgress(isQuiet: options.isQuiet)
            let table = try progress.reading(options.path)
            return try progress.during("detecting") { try DetectEngine.run(table, options) }
        } catch let error as MetricsError {
            throw CommandStop.badInput(error.description)
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        } catch let error as LearningError {
            throw CommandStop.badInput(error.description)
        }
    }

    static func render(_ report: DetectReport, format: String) throws -> String {
        switch format {
        case "json": try report.json()
        case "html": DetectPage().render(report)
        default: DetectText().render(report)
        }
    }
}
