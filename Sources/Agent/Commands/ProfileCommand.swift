import Events
import Foundation
import Learning
import Storage

/// `tidewatch profile`: what is in a table, before anything is learned from it.
public enum ProfileCommand {
    /// - Throws: `CommandStop` with exit code 2 for a file or column that cannot be profiled.
    public static func run(_ options: ProfileOptions) throws {
        let destination = try ReportDestination(options.outputPath, from: [options.path], isQuiet: options.isQuiet)
        try destination.deliver(try render(options, usesColour: destination.usesColour))
    }

    static func render(_ options: ProfileOptions, usesColour: Bool = false) throws -> String {
        let profile: TableProfile
        do {
            let progress = CommandProgress(isQuiet: options.isQuiet)
            let table = try progress.reading(options.path)
            // Names first: a typing error is said before anything is computed.
            if let target = options.target { _ = try table.asked(target, option: "--target") }
            if let time = options.time { _ = try table.asked(time, option: "--time") }
            if let target = options.target, target == options.time {
                throw MetricsError("--target and --time name the same column \"\(target)\"")
            }
            profile = try progress.during("profiling") { try run(profiler(options), table, options.path) }
        } catch let error as MetricsError {
            throw CommandStop.badInput(error.description)
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        } catch let error as LearningError {
            throw CommandStop.badInput(error.description)
        }
        return switch options.chosenFormat {
        case "json": try profile.json()
        case "html":
            ProfilePage(
                title: "Profile of \(name(options.path))",
                source: "\(options.path); made " + EventTime.format(WallClock.microseconds() / 1_000_000 * 1_000_000)
            ).render(profile)
        default: ProfileText(usesColour: usesColour).render(profile, of: options.path)
        }
    }

    /// What the profiler refuses names no file, as reading does.
    private static func run(_ profiler: TableProfiler, _ table: Table, _ path: String) throws -> TableProfile {
        do {
            return try profiler.run(table)
        } catch {
            throw MetricsError("\(path): \(error)")
        }
    }

    private static func name(_ path: String) -> String {
        path == "-" ? "standard input" : String(path.split(separator: "/").last ?? "a table")
    }

    private static func profiler(_ options: ProfileOptions) -> TableProfiler {
        var profiler = TableProfiler(target: options.target, time: options.time)
        profiler.timeOfText = { EventTime.parse($0).map(Double.init) }
        // Below 10⁸ seconds (March 1973) a number is more likely an order than a time.
        profiler.timeOfNumber = { $0 >= 1e8 ? EventTime.parse(epoch: $0).map(Double.init) : nil }
        return profiler
    }
}
