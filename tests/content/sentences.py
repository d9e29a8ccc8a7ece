# ruff: noqa: E501 - a sentence stands in one line
"""One sentence and one title a language, and the charsets that its pages are written in."""

SENTENCES = {
    "zh-Hans": (
        "异步任务的超时处理",
        "每一次网络请求都应该有一个时间上限，没有上限的等待会拖垮整个服务。今天的天气很好，我们一起去公园散步吧。",
        ("gb2312", "gbk", "gb18030"),
    ),
    "zh-Hant": (
        "網路錯誤與重試的說明",
        "網路上的錯誤有許多是暫時的，遇到這類錯誤時，等一會兒再試往往就能成功。今天的天氣很好，我們一起去公園散步吧。",
        ("big5", "big5-hkscs"),
    ),
    "ja": (
        "タイムアウトの説明です",
        "非同期処理のタイムアウトについて説明します。これはとても重要なテストですから、最後まで読んでください。",
        ("shift_jis", "euc-jp", "iso-2022-jp"),
    ),
    "ko": (
        "비동기 작업의 시간 제한",
        "모든 네트워크 요청에는 시간 제한이 있어야 합니다. 제한이 없으면 서비스 전체가 멈출 수 있습니다.",
        ("euc-kr",),
    ),
    "ru": (
        "Ограничение времени ожидания",
        "Каждый сетевой запрос должен иметь предел времени ожидания, иначе вся служба может остановиться.",
        ("windows-1251", "koi8-r", "iso-8859-5", "ibm866"),
    ),
    "el": (
        "Όρια χρόνου αναμονής",
        "Κάθε αίτημα στο δίκτυο πρέπει να έχει ένα όριο χρόνου, αλλιώς όλη η υπηρεσία μπορεί να σταματήσει.",
        ("windows-1253", "iso-8859-7"),
    ),
    "he": (
        "מגבלת זמן לבקשות רשת",
        "לכל בקשת רשת צריכה להיות מגבלת זמן, אחרת השירות כולו עלול להיעצר ולא להגיב למשתמשים.",
        ("windows-1255", "iso-8859-8"),
    ),
    "ar": (
        "حدود وقت الانتظار",
        "يجب أن يكون لكل طلب على الشبكة حد زمني، وإلا فقد تتوقف الخدمة كلها عن العمل في أي وقت.",
        ("windows-1256", "iso-8859-6"),
    ),
    "th": (
        "ขีดจำกัดเวลาของคำขอ",
        "ทุกคำขอบนเครือข่ายควรมีเวลาจำกัด มิฉะนั้นบริการทั้งหมดอาจหยุดทำงานและผู้ใช้จะรอนาน",
        ("windows-874",),
    ),
    "pl": (
        "Limit czasu żądania sieciowego",
        "Każde żądanie sieciowe powinno mieć limit czasu, w przeciwnym razie cała usługa może się zatrzymać. Zażółć gęślą jaźń.",
        ("windows-1250", "iso-8859-2"),
    ),
    "tr": (
        "Ağ isteklerinde zaman aşımı süresi",
        "Her ağ isteğinin bir zaman sınırı olmalıdır, yoksa bütün hizmet durabilir ve kullanıcılar uzun süre bekleyebilir.",
        ("windows-1254",),
    ),
    "fr": (
        "Durée limitée des requêtes réseau",
        "Chaque requête doit avoir une durée limitée, à défaut elle bloque le système entier et les utilisateurs s’énervent.",
        ("windows-1252",),
    ),
    "de": (
        "Zeitlimits für Netzabfragen wählen",
        "Jede Anfrage über das Netz braucht ein Zeitlimit, sonst hält sie womöglich den ganzen Dienst auf; größere Verzögerungen ärgern.",
        ("windows-1252", "iso-8859-1"),
    ),
}  # fmt: skip

CASES = [
    (language, charset)
    for language, (_, _, charsets) in SENTENCES.items()
    for charset in (*charsets, "utf-8")
]
