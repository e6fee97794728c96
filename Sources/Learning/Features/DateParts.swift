import Foundation
import Statistics

/// Takes times apart, in UTC: numeric columns of seconds, milliseconds or microseconds since 1970, or RFC 3339 texts.
///
/// A column `name__part` for each part; missing where there is no time. The columns themselves stay unless told.
public struct DateParts: Codable, Sendable, Equatable {
    public enum Unit: String, Codable, Sendable {
        case seconds, milliseconds, microseconds
        /// By magnitude: below 10¹¹ seconds, below 10¹⁴ milliseconds, then microseconds.
        case automatic
    }

    public enum Part: String, Codable, Sendable, CaseIterable {
        case year
        /// 1 to 12.
        case month
        /// 1 to 31.
        case day
        /// 1 to 366.
        case dayOfYear
        /// 0 is Monday.
        case dayOfWeek
        case isWeekend
        /// 0 to 23.
        case hour
        case minute
        /// Sine and cosine of the time of day, so that midnight has no edge: `name__daySine`, `name__dayCosine`.
        case daySine, dayCosine
        case weekSine, weekCosine
        case yearSine, yearCosine
        /// Seconds since 1970.
        case epochSeconds
    }

    /// Any columns but the target: the time column may be among them.
    public var columns: [String]
    public var parts: [Part]
    public var unit: Unit
    /// Takes the columns away; one that is no feature stays.
    public var removesColumns: Bool

    public init(
        columns: [String], parts: [Part] = [.month, .dayOfWeek, .hour], unit: Unit = .automatic,
        removesColumns: Bool = false
    ) {
        self.columns = columns
        self.parts = parts
        self.unit = unit
        self.removesColumns = removesColumns
    }

    func fit(_ columns: inout WorkingColumns, _ context: inout FitContext) throws(LearningError) -> FittedDateParts {
        guard !parts.isEmpty, Set(parts).count == parts.count else {
            throw invalidStep("the parts of a time are \(parts.map(\.rawValue))", advice: "Name each part once.")
        }
        for name in self.columns {
            try RowSequence(time: name).require(in: columns, &context)
            let times = TimeReading.microseconds(try columns.column(name), unit: unit)
            if times.allSatisfy(\.isNaN) { context.notes.append("No cell of \"\(name)\" is a time.") }
        }
        let removed = removesColumns ? self.columns.filter { columns.isFeature($0) } : []
        let fitted = FittedDateParts(names: self.columns, parts: parts, unit: unit, removed: removed)
        var applied = ApplyContext()
        try fitted.apply(&columns, &applied)
        return fitted
    }
}

struct FittedDateParts: FittedTransform {
    let names: [String]
    let parts: [DateParts.Part]
    let unit: DateParts.Unit
    let removed: [String]

    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        for name in names {
            let times = TimeReading.microseconds(try columns.column(name), unit: unit)
            var cells = parts.map { _ in [Double](repeating: .nan, count: times.count) }
            for (row, time) in times.enumerated() where !time.isNaN {
                let days = (time / 86_400e6).rounded(.down)
                let date = CivilDate(days: Int(days))
                let seconds = (time - days * 86_400e6) / 1e6
                for index in parts.indices {
                    cells[index][row] = Self.value(parts[index], date, days: Int(days), seconds: seconds)
                }
            }
            for (part, numbers) in zip(parts, cells) {
                let values: ColumnStorage =
                    part == .isWeekend ? .boolean(numbers.map { $0.isNaN ? -1 : Int8($0) }) : .numeric(numbers)
                try columns.append(TableColumn(name: "\(name)__\(part.rawValue)", values: values))
            }
        }
        columns.remove(Set(removed))
    }

    /// - Parameter seconds: since midnight.
    private static func value(_ part: DateParts.Part, _ date: CivilDate, days: Int, seconds: Double) -> Double {
        // 1970-01-01 was a Thursday.
        let dayOfWeek = ((days + 3) % 7 + 7) % 7
        let shareOfDay = seconds / 86_400
        let yearDays = CivilDate.days(inMonth: 2, year: date.year) == 29 ? 366.0 : 365.0
        let shareOfYear = (Double(date.dayOfYear - 1) + shareOfDay) / yearDays
        switch part {
        case .year: return Double(date.year)
        case .month: return Double(date.month)
        case .day: return Double(date.day)
        case .dayOfYear: return Double(date.dayOfYear)
        case .dayOfWeek: return Double(dayOfWeek)
        case .isWeekend: return dayOfWeek >= 5 ? 1 : 0
        case .hour: return (seconds / 3_600).rounded(.down)
        case .minute: return (seconds / 60).rounded(.down).truncatingRemainder(dividingBy: 60)
        case .daySine: return sin(2 * .pi * shareOfDay)
        case .dayCosine: return cos(2 * .pi * shareOfDay)
        case .weekSine: return sin(2 * .pi * (Double(dayOfWeek) + shareOfDay) / 7)
        case .weekCosine: return cos(2 * .pi * (Double(dayOfWeek) + shareOfDay) / 7)
        case .yearSine: return sin(2 * .pi * shareOfYear)
        case .yearCosine: return cos(2 * .pi * shareOfYear)
        case .epochSeconds: return Double(days) * 86_400 + seconds
        }
    }

    var description: String {
        "Times are taken apart into \(listed(parts.map(\.rawValue))) (UTC): \(listed(names))."
    }
}
