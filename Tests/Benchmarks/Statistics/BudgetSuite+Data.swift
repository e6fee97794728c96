import Detection
import Foundation
import Statistics
import TidewatchTestKit

extension BudgetSuite {
    /// `noaa_weather`: daily rows of fifty years with a strong yearly season. The year is taken for this stream's day, in
    /// 24 hourly panes of about 15 rows, so that a budget per month has panes enough. Even years are the reference; odd
    /// years are drawn again and again, whole (a block bootstrap), so that neither trend nor drift lies between the two.
    static func weather() throws -> [BudgetRow] {
        guard let table = try DataTable.load("noaa_weather") else { return [] }
        let names = table.names.dropLast()
        let columns = names.map { table.numbers($0) }
        let years = table.count * 100 / 36_525
        @Sendable func rows(_ year: Int, _ hour: Int) -> Range<Int> {
            func row(_ hours: Int) -> Int { hours * 36_525 / 2_400 }
            return row(year * 24 + hour)..<min(table.count, row(year * 24 + hour + 1))
        }
        let even = Array(stride(from: 0, to: years, by: 2))
        let odd = Array(stride(from: 1, to: years, by: 2))
        let inReference = even.flatMap { year in (0..<24).flatMap { rows(year, $0) } }
        let reference = ReferenceBuilder.build(
            columns: zip(names, columns).map { name, values in
                (name: name, values: .numeric(inReference.map { values[$0] }))
            })
        let encoder = ReferenceEncoder(reference)
        @Sendable func summary(_ year: Int, _ hour: Int) -> PaneSummary {
            let counter = PaneAccumulator(encoder: encoder)
            for row in rows(year, hour) {
                counter.events += 1
                for column in columns.indices { counter.add(numeric: columns[column][row], column: column) }
            }
            return counter.summary()
        }
        let chunks = ReferenceChunks(
            paneMicroseconds: BenchmarkScale.hour,
            chunks: even.enumerated().flatMap { day, year in
                (0..<24).map { hour in
                    ReferenceChunks.Chunk(
                        startMicroseconds: Int64(day * 24 + hour) * BenchmarkScale.hour, summary: summary(year, hour))
                }
            })
        let hours = 90 * 24
        let counts = Simulation.run(BenchmarkScale.runs(16), seed: 31) { stream, _ in
            let drawn = (0..<90).map { _ in odd[min(odd.count - 1, Int(stream.uniform() * Double(odd.count)))] }
            return alarms(
                hours: hours, reference: reference, chunks: chunks, calibration: .empirical, minimumSample: 28,
                startHour: Int64(even.count * 24)
            ) { summary(drawn[$0 / 24], $0 % 24) }
        }
        return rowsOf(counts, "noaa_weather, empirical", hours: hours, labels: Array(names))
    }

    /// `adult_census`, shuffled: the reference is a sample of its rows, and panes are drawn from all of them.
    static func census() throws -> [BudgetRow] {
        guard let table = try DataTable.load("adult_census") else { return [] }
        let numeric = ["age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week"]
        var rowsOfTable: [BudgetRow] = []
        let hours = 2_160
        for (size, pane) in [(1_000, 1_000), (5_000, 1_000), (20_000, 1_000)] {
            let counts = Simulation.run(BenchmarkScale.runs(4), seed: UInt64(size)) { stream, _ in
                var generator = SeededGenerator(seed: UInt64(stream.uniform() * 0x1p60))
                let chosen = (0..<table.count).shuffled(using: &generator).prefix(size)
                let reference = ReferenceBuilder.build(
                    columns: table.names.map { name in
                        if numeric.contains(name) {
                            let values = table.numbers(name)
                            return (name: name, values: .numeric(chosen.map { values[$0] }))
                        }
                        let values = table.texts(name)
                        return (name: name, values: .categorical(chosen.map { values[$0] }))
                    })
                let encoder = ReferenceEncoder(reference)
                let cells = table.cells(on: encoder, numeric: numeric)
                return alarms(hours: hours, reference: reference) { _ in
                    var summary = PaneSummary(empty: encoder)
                    summary.events = Int64(pane)
                    for _ in 0..<pane {
                        let row = Int.random(in: 0..<table.count, using: &generator)
                        for column in cells.indices {
                            let cell = cells[column][row]
                            if cell < 0 {
                                summary.columns[column].missing += 1
                            } else {
                                summary.columns[column].counts[cell] += 1
                            }
                        }
                    }
                    return summary
                }
            }
            rowsOfTable += rowsOf(counts, "adult_census, m = \(size), n = \(pane)", hours: hours, labels: table.names)
        }
        return rowsOfTable
    }
}
