"""Parts of joint call sets read without a Python object per record, from text or BCF."""
