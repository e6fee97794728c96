import Learning
import Storage

/// `tidewatch experiment`: the analysis of an A/B test from a table, and its planning.
public enum ExperimentCommand {
    /// - Throws: `CommandStop` with exit code 2 for a file, column or option that does not fit.
    public static func analyze(_ options: ExperimentOptions) throws {
        let destination = try ReportDestination(options.outputPath, from: [options.path], isQuiet: options.isQuiet)
        try destination.deliver(try render(options, usesColour: destination.usesColour))
    }

    public static func plan(_ options: ExperimentPlanOptions) throws {
        CommandOutput.standardOutput(try render(options))
    }

    static func render(_ options: ExperimentOptions, usesColour: Bool = false) throws -> String {
        let report: ExperimentReport
        do {
            let progress = CommandProgress(isQuiet: options.isQuiet)
            let table = try progress.reading(options.path)
            report = try progress.during("analysing") { try ExperimentEngine.run(table, options) }
        } catch let error as ExperimentError {
            throw CommandStop.badInput(error.description)
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        } catch let error as LearningError {
            throw CommandStop.badInput(error.description)
        }
        return switch options.format {
        case "json": try report.json()
        case "html": ExperimentPage().render(report)
        default: ExperimentText(usesColour: usesColour).render(report)
        }
    }

    static func render(_ options: ExperimentPlanOptions) throws -> String {
        do throws(ExperimentError) {
            let plan = try ExperimentPlan(options)
            return options.isJSON ? try rendered(plan) : plan.text()
        } catch {
            throw CommandStop.badInput(error.description)
        }
    }

    private static func rendered(_ plan: ExperimentPlan) throws(ExperimentError) -> String {
        do { return try plan.json() } catch { throw ExperimentError("the plan cannot be written as JSON: \(error)") }
    }
}
