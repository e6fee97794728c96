import Detection
import Foundation
import Statistics
import TidewatchTestKit

extension BudgetSuite {
    /// Thirty columns whose consecutive events correlate by 0.8, event by event; analytic calibration with the
    /// over-dispersion of the reference's own chunks.
    static func autocorrelated(rows: Int) -> [BudgetRow] {
        let (columns, pane, hours) = (30, 1_000, 720)
        let counts = Simulation.run(BenchmarkScale.runs(8), seed: UInt64(rows) + 17) { stream, _ in
            var levels = (0..<columns).map { _ in stream.normal() }
            func next(_ column: Int) -> Double {
                levels[column] = 0.8 * levels[column] + 0.6 * stream.normal()
                return levels[column]
            }
            let values = (0..<columns).map { column in (0..<rows).map { _ in next(column) } }
            let reference = ReferenceBuilder.build(
                columns: values.enumerated().map { (name: "x\($0.offset)", values: .numeric($0.element)) })
            let encoder = ReferenceEncoder(reference)
            let size = max(50, min(pane, rows / 20))
            let chunks = stride(from: 0, through: rows - size, by: size).map { start in
                let counter = PaneAccumulator(encoder: encoder)
                for row in start..<(start + size) {
                    counter.events += 1
                    for column in 0..<columns { counter.add(numeric: values[column][row], column: column) }
                }
                return ReferenceChunks.Chunk(startMicroseconds: Int64(start), summary: counter.summary())
            }
            let counter = PaneAccumulator(encoder: encoder)
            return alarms(
                hours: hours, reference: reference,
                chunks: ReferenceChunks(paneMicroseconds: BenchmarkScale.hour, chunks: chunks)
            ) { _ in
                counter.reset()
                for _ in 0..<pane {
                    counter.events += 1
                    for column in 0..<columns { counter.add(numeric: next(column), column: column) }
                }
                return counter.summary()
            }
        }
        return rowsOf(counts, "AR(1) 0.8, m = \(rows), n = \(pane)", hours: hours)
    }

    /// Thirty normal columns whose mean follows the hour and the weekday; empirical calibration on eight weeks. Given the
    /// hour, events are independent, so cells are drawn by their probabilities at each of the week's hours.
    static func seasonal() -> [BudgetRow] {
        let (columns, pane, weeks, hours) = (30, 200, 8, 2_184)
        let counts = Simulation.run(BenchmarkScale.runs(4), seed: 23) { stream, _ in
            let phases = (0..<columns).map { _ in stream.uniform() * 24 }
            func mean(_ column: Int, _ hour: Int) -> Double {
                let day = 0.7 * sin((Double(hour % 24) - phases[column]) / 24 * 2 * .pi)
                return day + (hour % 168 >= 120 ? 0.4 : 0)
            }
            let reference = ReferenceBuilder.build(
                columns: (0..<columns).map { column in
                    let values = (0..<(weeks * 168)).flatMap { stream.normals(38, mean: mean(column, $0)) }
                    return (name: "x\(column)", values: .numeric(values))
                })
            let encoder = ReferenceEncoder(reference)
            let samplers = (0..<columns).map { column in
                (0..<168).map { hour in
                    guard case .grid(let edges, _) = reference.columns[column].binning else { return CellSampler([1]) }
                    let sums = [0] + edges.map { NullKind.normal.below($0 - mean(column, hour)) } + [1]
                    return CellSampler(zip(sums.dropFirst(), sums).map { $0 - $1 })
                }
            }
            var generator = SeededGenerator(seed: UInt64(stream.uniform() * 0x1p60))
            func summary(_ hour: Int) -> PaneSummary {
                var summary = PaneSummary(empty: encoder)
                summary.events = Int64(pane)
                for column in 0..<columns {
                    samplers[column][hour % 168].add(pane, to: &summary.columns[column].counts, &generator)
                }
                return summary
            }
            let chunks = (0..<(weeks * 168)).map { hour in
                ReferenceChunks.Chunk(
                    startMicroseconds: Int64(hour) * BenchmarkScale.hour, summary: summary(hour))
            }
            return alarms(
                hours: hours, reference: reference,
                chunks: ReferenceChunks(paneMicroseconds: BenchmarkScale.hour, chunks: chunks), calibration: .empirical,
                startHour: Int64(weeks * 168)
            ) { summary($0) }
        }
        return rowsOf(counts, "day and week, 8 weeks, n = \(pane), empirical", hours: hours)
    }
}
