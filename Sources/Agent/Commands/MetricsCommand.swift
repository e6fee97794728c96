import Learning
import Storage

/// `tidewatch metrics`: how good the predictions of a table are, with intervals.
public enum MetricsCommand {
    /// - Throws: `CommandStop` with exit code 2 for a file, column or combination that cannot be measured.
    public static func run(_ options: MetricsOptions) throws {
        let destination = try ReportDestination(options.outputPath, from: [options.path], isQuiet: options.isQuiet)
        try destination.deliver(try render(options))
    }

    static func render(_ options: MetricsOptions) throws -> String {
        guard options.quantile > 0, options.quantile < 1 else {
            throw CommandStop.badInput("--quantile lies between 0 and 1, and \(options.quantile) does not")
        }
        guard options.places ?? 1 >= 1 else { throw CommandStop.badInput("--k is at least 1") }
        let report: MetricsReport
        do {
            let progress = CommandProgress(isQuiet: options.isQuiet)
            let table = try progress.reading(options.path)
            report = try progress.during("measuring") { try MetricsEngine.run(table, options) }
        } catch let error as MetricsError {
            throw CommandStop.badInput(error.description)
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        } catch let error as LearningError {
            throw CommandStop.badInput(error.description)
        }
        return switch options.format {
        case "json": try report.json()
        case "html": MetricsPage().render(report)
        default: MetricsText().render(report)
        }
    }
}
