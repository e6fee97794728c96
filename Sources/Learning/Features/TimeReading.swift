import Statistics

/// Times in the cells of a column.
enum TimeReading {
    /// Numbers whose order is that of the times: numeric cells as they are, texts as microseconds since 1970 UTC; NaN
    /// where there is no time.
    static func numbers(_ column: TableColumn) -> [Double] {
        texts(column) { microseconds(rfc3339: $0) ?? NumberText.number($0) ?? .nan } ?? column.numbers()
    }

    /// Microseconds since 1970 UTC, NaN where there is no time.
    static func microseconds(_ column: TableColumn, unit: DateParts.Unit) -> [Double] {
        if let read = texts(column, { microseconds(rfc3339: $0) ?? scaled(NumberText.number($0) ?? .nan, unit) }) {
            return read
        }
        return column.numbers().map { scaled($0, unit) }
    }

    private static func texts(_ column: TableColumn, _ read: (String) -> Double) -> [Double]? {
        guard case .categorical(let codes, let categories) = column.values else { return nil }
        guard codes.count >= categories.count else {
            return codes.map { $0 < 0 ? .nan : read(categories[Int($0)]) }
        }
        let known = categories.map(read)
        return codes.map { $0 < 0 ? .nan : known[Int($0)] }
    }

    private static func scaled(_ number: Double, _ unit: DateParts.Unit) -> Double {
        let microseconds: Double
        switch unit {
        case .seconds: microseconds = number * 1e6
        case .milliseconds: microseconds = number * 1e3
        case .microseconds: microseconds = number
        case .automatic:
            let size = number.magnitude
            microseconds = number * (size < 1e11 ? 1e6 : (size < 1e14 ? 1e3 : 1))
        }
        // Beyond that, days have no civil date that anybody means (some 30,000 years either way).
        return microseconds.magnitude < 1e18 ? microseconds : .nan
    }

    /// `2026-11-22T10:00:00.123Z`, `…+01:00`, with a blank for the `T`, without a zone (then UTC) or without a time (then
    /// midnight); `nil` for any other text.
    static func microseconds(rfc3339 text: String) -> Double? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = digits(bytes, 0..<4), let month = digits(bytes, 5..<7), let day = digits(bytes, 8..<10),
            (1...12).contains(month), day >= 1, day <= CivilDate.days(inMonth: month, year: year)
        else { return nil }
        let midnight = Double(CivilDate.days(year: year, month: month, day: day)) * 86_400e6
        if bytes.count == 10 { return midnight }
        guard bytes.count >= 19, bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " "),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = digits(bytes, 11..<13), let minute = digits(bytes, 14..<16),
            let second = digits(bytes, 17..<19), hour < 24, minute < 60, second <= 60
        else { return nil }
        var position = 19
        var fraction = 0.0
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            let end = bytes[(position + 1)...].firstIndex { $0 &- 0x30 > 9 } ?? bytes.count
            guard let places = digits(bytes, (position + 1)..<min(end, position + 7)) else { return nil }
            fraction = Double(places) * [1e5, 1e4, 1e3, 100, 10, 1][min(end, position + 7) - position - 2]
            position = end
        }
        guard let zone = zoneMinutes(bytes[position...]) else { return nil }
        let seconds = (hour * 60 + minute - zone) * 60 + second
        return midnight + Double(seconds) * 1e6 + fraction
    }

    private static func zoneMinutes(_ rest: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(rest)
        if bytes.isEmpty || (bytes.count == 1 && bytes[0] | 0x20 == UInt8(ascii: "z")) { return 0 }
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[3] == UInt8(ascii: ":"), let hours = digits(bytes, 1..<3), let minutes = digits(bytes, 4..<6),
            hours < 24, minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (bytes[0] == UInt8(ascii: "-") ? -1 : 1)
    }

    /// `nil` for an empty range and for any byte that is no digit.
    private static func digits(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.upperBound <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[range] {
            guard byte &- 0x30 <= 9 else { return nil }
            value = value * 10 + Int(byte &- 0x30)
        }
        return value
    }
}

/// The proleptic Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
struct CivilDate {
    let year: Int
    let month: Int
    let day: Int
    /// From 1.
    let dayOfYear: Int

    /// - Parameter days: since 1970-01-01.
    init(days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfMarchYear + 2) / 153
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfMarchYear - (153 * marchMonth + 2) / 5 + 1
        dayOfYear = days - Self.days(year: year, month: 1, day: 1) + 1
    }

    /// Days since 1970-01-01.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfMarchYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfMarchYear - 719_468
    }

    static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
